package kubeproxy.config;

import static kubeproxy.config.Completed.completeFile;
import static kubeproxy.config.Completed.options;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import kubeproxy.config.ConfigurationChange.Part;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationChangeTest {
  private static final List<Class<?>> VALUES =
      List.of(
          FeatureGates.class,
          PortRange.class,
          DetectLocal.ByClusterCidr.class,
          IpAddress.of("::").getClass(),
          IpAddress.of("0.0.0.0").getClass());

  private static ConfigurationChange change(String before, String after) {
    return ConfigurationChange.between(
        completeFile(before).options(), completeFile(after).options());
  }

  /// Every value of the options, with an API server and with manifests as their source.
  static Stream<String> everyField() {
    TreeSet<String> paths = new TreeSet<>(RecordLeaves.paths(options(), VALUES));
    paths.addAll(RecordLeaves.paths(options("--manifests=/m"), VALUES));
    return paths.stream();
  }

  @ParameterizedTest
  @MethodSource("everyField")
  void knowsWhatToDoAboutEveryField(String path) {
    ProxyOptions running = path.equals("source.path") ? options("--manifests=/m") : options();
    ProxyOptions next = RecordLeaves.with(running, path, value -> another(path, value));
    assertThat(next).isNotEqualTo(running);
    ConfigurationChange change = ConfigurationChange.between(running, next);
    // A set of one part, or a list of one field.
    assertThat(change.inPlace().size() + change.needRestart().size()).as("%s", change).isOne();
  }

  /// A value of the same type that is not equal.
  private static Object another(String path, Object value) {
    return switch (value) {
      case Boolean bool -> !bool;
      case Integer number -> number + 1;
      case Long number -> number + 1;
      case Float number -> number + 1;
      case String text -> text + "x";
      case Duration duration -> duration.plusSeconds(1);
      case ReloadMode mode -> mode == ReloadMode.APPLY ? ReloadMode.EXIT : ReloadMode.APPLY;
      case LoggingOptions.Format format ->
          format == LoggingOptions.Format.TEXT
              ? LoggingOptions.Format.JSON
              : LoggingOptions.Format.TEXT;
      case PortRange _ -> new PortRange(1, 2);
      case FeatureGates _ -> new FeatureGates(Map.of("LoggingAlphaOptions", true));
      case DetectLocal _ -> new DetectLocal.ByNodeCidr();
      case IpAddress _ -> IpAddress.of("10.9.8.7");
      case Optional<?> _ -> anotherOptional(path);
      case List<?> _ ->
          path.equals("logging.modules")
              ? List.of(new ModuleLevel("a", 1))
              : List.of(IpPrefix.of("10.0.0.0/8"));
      default -> throw new AssertionError("no other value is known for " + path);
    };
  }

  private static Optional<?> anotherOptional(String path) {
    return switch (path) {
      case "mode" -> Optional.of(ProxyMode.IPVS);
      case "status.healthz", "status.metrics" ->
          Optional.of(new ListenAddress(IpAddress.of("10.0.0.1"), 1));
      case "traffic.nodePortAddresses" -> Optional.of(new NodePortChoice.Primary());
      default -> Optional.of("x");
    };
  }

  @Test
  void nothingChangedMeansNothingToDo() {
    ConfigurationChange change = change("", "mode: ''\n# Only a comment.\n");
    assertThat(change.isEmpty()).isTrue();
    assertThat(change.inPlace()).isEmpty();
    assertThat(change.needRestart()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "logging: {verbosity: 1} | LOGGING",
        "logging: {vmodule: [{filePattern: a, verbosity: 1}]} | LOGGING",
        "clusterCIDR: 10.0.0.0/8 | PLAN",
        "detectLocalMode: NodeCIDR | PLAN",
        "nodePortAddresses: [10.0.0.0/8] | PLAN",
        "iptables: {masqueradeAll: true} | PLAN",
        "nftables: {masqueradeAll: true} | PLAN",
        "featureGates: {AllowServiceExternalIPs: false} | PLAN",
        "featureGates: {SCTPSupport: false} | PLAN",
        "featureGates: {ServiceTopology: true} | PLAN",
        "iptables: {syncPeriod: 1m} | SYNC_PERIODS",
        "nftables: {minSyncPeriod: 2s} | SYNC_PERIODS",
        "ipvs: {syncPeriod: 1m} | SYNC_PERIODS",
        "conntrack: {min: 1} | CONNTRACK",
        "conntrack: {udpTimeout: 1s} | CONNTRACK",
        "healthzBindAddress: 127.0.0.1 | STATUS",
        "metricsBindAddress: 0.0.0.0 | STATUS",
        "enableProfiling: true | STATUS",
        "oomScoreAdj: 0 | OOM_SCORE",
      })
  void changesInPlace(String after, Part part) {
    ConfigurationChange change = change("", after.strip());
    assertThat(change.inPlace()).containsExactly(part);
    assertThat(change.needRestart()).isEmpty();
    assertThat(change(after.strip(), "")).isEqualTo(change);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: iptables | mode",
        "hostnameOverride: x | hostnameOverride",
        "bindAddress: 10.0.0.1 | bindAddress",
        "clientConnection: {kubeconfig: x} | clientConnection.kubeconfig",
        "clientConnection: {qps: 6} | clientConnection.qps",
        "configSyncPeriod: 1m | configSyncPeriod",
        "iptables: {masqueradeBit: 1} | iptables.masqueradeBit",
        "nftables: {masqueradeBit: 1} | nftables.masqueradeBit",
        "iptables: {localhostNodePorts: false} | iptables.localhostNodePorts",
        "ipvs: {scheduler: sh} | ipvs.scheduler",
        "logging: {format: json} | logging.format",
        "logging: {flushFrequency: 1s} | logging.flushFrequency",
        "showHiddenMetricsForVersion: '1.35' | showHiddenMetricsForVersion",
        "featureGates: {ComponentFlagz: false} | featureGates",
        "udpIdleTimeout: 1s | udpIdleTimeout",
      })
  void namesWhatNeedsARestart(String after, String field) {
    ConfigurationChange change = change("", after.strip());
    assertThat(change.inPlace()).isEmpty();
    assertThat(change.needRestart()).containsExactly(field);
  }

  @Test
  void namesEverythingThatChanged() {
    ConfigurationChange change =
        change(
            "",
            """
            mode: nftables
            logging: {verbosity: 4, format: json}
            conntrack: {min: 1, maxPerCore: 2}
            """);
    assertThat(change.inPlace()).containsExactly(Part.LOGGING, Part.PLAN, Part.CONNTRACK);
    assertThat(change.needRestart()).containsExactly("mode", "logging.format");
  }

  @Test
  void namesOfFieldsAreUnique() {
    List<String> names = new ArrayList<>();
    OptionFields.ALL.forEach(field -> names.add(field.name()));
    names.remove("featureGates");
    assertThat(names).doesNotHaveDuplicates();
  }
}
