package kubeproxy.config;

import static kubeproxy.config.OptionField.atStart;
import static kubeproxy.config.OptionField.inPlace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import kubeproxy.config.ConfigurationChange.Part;
import kubeproxy.config.ObjectSource.ApiServer;

/// Every field of the options, and when a change of it takes effect.
final class OptionFields {
  /// Gates that only the planner asks for.
  private static final List<String> PLAN_GATES =
      List.of(
          FeatureGates.ALLOW_SERVICE_EXTERNAL_IPS,
          FeatureGates.SCTP_SUPPORT,
          FeatureGates.SERVICE_TOPOLOGY);

  private static final List<OptionField> SOURCE =
      List.of(
          atStart("--manifests", options -> manifests(options.source())),
          api("clientConnection.kubeconfig", ApiServer::kubeconfig),
          api("--master", ApiServer::master),
          api("clientConnection.contentType", ApiServer::contentType),
          api("clientConnection.acceptContentTypes", ApiServer::acceptContentTypes),
          api("clientConnection.qps", ApiServer::qps),
          api("clientConnection.burst", ApiServer::burst),
          api("configSyncPeriod", ApiServer::resyncPeriod));

  private static final List<OptionField> TRAFFIC =
      List.of(
          atStart("mode", ProxyOptions::mode),
          atStart("hostnameOverride", options -> options.node().nameOverride()),
          atStart("bindAddress", options -> options.node().bindAddress()),
          plan("detectLocal", options -> options.traffic().detectLocal()),
          plan("nodePortAddresses", options -> options.traffic().nodePortAddresses()),
          plan("featureGates", OptionFields::planGates),
          plan("iptables.masqueradeAll", options -> options.modes().iptables().masquerade().all()),
          plan("nftables.masqueradeAll", options -> options.modes().nftables().masquerade().all()));

  private static final List<OptionField> MODES =
      List.of(
          sync("iptables", modes -> modes.iptables().sync()),
          sync("ipvs", modes -> modes.ipvs().sync()),
          sync("nftables", modes -> modes.nftables().sync()),
          mode("iptables.masqueradeBit", modes -> modes.iptables().masquerade().bit()),
          mode("iptables.localhostNodePorts", modes -> modes.iptables().localhostNodePorts()),
          mode("nftables.masqueradeBit", modes -> modes.nftables().masquerade().bit()),
          mode("ipvs.scheduler", modes -> modes.ipvs().scheduler()),
          mode("ipvs.excludeCIDRs", modes -> modes.ipvs().excludeCidrs()),
          mode("ipvs.strictARP", modes -> modes.ipvs().strictArp()),
          mode("ipvs.tcpTimeout", modes -> modes.ipvs().timeouts().tcp()),
          mode("ipvs.tcpFinTimeout", modes -> modes.ipvs().timeouts().tcpFin()),
          mode("ipvs.udpTimeout", modes -> modes.ipvs().timeouts().udp()),
          mode("portRange", modes -> modes.userspace().ports()),
          mode("udpIdleTimeout", modes -> modes.userspace().udpIdleTimeout()));

  private static final List<OptionField> NODE =
      List.of(
          inPlace(Part.CONNTRACK, "conntrack", ProxyOptions::conntrack),
          status("healthzBindAddress", StatusOptions::healthz),
          status("metricsBindAddress", StatusOptions::metrics),
          status("bindAddressHardFail", StatusOptions::hardFail),
          status("enableProfiling", StatusOptions::profiling),
          atStart("showHiddenMetricsForVersion", options -> options.status().showHiddenMetrics()),
          inPlace(Part.OOM_SCORE, "oomScoreAdj", options -> options.process().oomScoreAdj()),
          atStart("featureGates", options -> otherGates(options.process().gates())),
          atStart("--version", options -> options.process().reportedVersion()));

  private static final List<OptionField> LOGGING =
      List.of(
          inPlace(Part.LOGGING, "logging.verbosity", options -> options.logging().verbosity()),
          inPlace(Part.LOGGING, "logging.vmodule", options -> options.logging().modules()),
          log("logging.format", LoggingOptions::format),
          log("logging.flushFrequency", LoggingOptions::flushFrequency),
          log("logging.options.text.splitStream", logging -> logging.text().split()),
          log("logging.options.text.infoBufferSize", logging -> logging.text().infoBufferBytes()),
          log("logging.options.json.splitStream", logging -> logging.json().split()),
          log("logging.options.json.infoBufferSize", logging -> logging.json().infoBufferBytes()),
          log("--logtostderr", logging -> logging.files().toStderr()),
          log("--alsologtostderr", logging -> logging.files().alsoToStderr()),
          log("--log-dir", logging -> logging.files().directory()),
          log("--log-file", logging -> logging.files().file()),
          log("--log-file-max-size", logging -> logging.files().maxMegabytes()),
          log("--stderrthreshold", logging -> logging.files().stderrThreshold()),
          log("--one-output", logging -> logging.files().oneOutput()),
          log("--skip-headers", logging -> logging.files().skipHeaders()),
          log("--skip-log-headers", logging -> logging.files().skipLogHeaders()),
          log("--add-dir-header", logging -> logging.files().addDirHeader()),
          log("--log-backtrace-at", logging -> logging.files().backtraceAt()));

  private static final List<OptionField> ACTIONS =
      List.of(
          atStart("--write-config-to", options -> options.actions().writeConfigTo()),
          atStart("--cleanup", options -> options.actions().cleanup()),
          atStart("--cleanup-ipvs", options -> options.actions().cleanupIpvs()),
          atStart("--init-only", options -> options.actions().initOnly()),
          atStart("--config", options -> options.actions().config()),
          atStart("--config-reload", options -> options.actions().reload()));

  /// All of them.
  static final List<OptionField> ALL =
      Stream.of(SOURCE, TRAFFIC, MODES, NODE, LOGGING, ACTIONS).flatMap(List::stream).toList();

  private OptionFields() {}

  private static String manifests(ObjectSource source) {
    return switch (source) {
      case ObjectSource.Manifests(String path) -> path;
      case ApiServer _ -> "";
    };
  }

  private static OptionField api(String name, Function<ApiServer, Object> value) {
    return atStart(
        name,
        options ->
            switch (options.source()) {
              case ObjectSource.Manifests _ -> "";
              case ApiServer server -> value.apply(server);
            });
  }

  private static OptionField plan(String name, Function<ProxyOptions, Object> value) {
    return inPlace(Part.PLAN, name, value);
  }

  private static OptionField sync(String block, Function<ModeOptions, Object> value) {
    return inPlace(
        Part.SYNC_PERIODS, block + ".syncPeriod", options -> value.apply(options.modes()));
  }

  private static OptionField mode(String name, Function<ModeOptions, Object> value) {
    return atStart(name, options -> value.apply(options.modes()));
  }

  private static OptionField status(String name, Function<StatusOptions, Object> value) {
    return inPlace(Part.STATUS, name, options -> value.apply(options.status()));
  }

  private static OptionField log(String name, Function<LoggingOptions, Object> value) {
    return atStart(name, options -> value.apply(options.logging()));
  }

  private static Object planGates(ProxyOptions options) {
    FeatureGates gates = options.process().gates();
    return List.of(
        options.traffic().allowExternalIps(),
        gates.enabled(FeatureGates.SCTP_SUPPORT),
        gates.enabled(FeatureGates.SERVICE_TOPOLOGY));
  }

  private static Object otherGates(FeatureGates gates) {
    Map<String, Boolean> others = new HashMap<>(gates.changed());
    PLAN_GATES.forEach(others::remove);
    return others;
  }
}
