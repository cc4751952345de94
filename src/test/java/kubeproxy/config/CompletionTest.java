package kubeproxy.config;

import static kubeproxy.config.Completed.complete;
import static kubeproxy.config.Completed.completeFile;
import static kubeproxy.config.Completed.options;
import static kubeproxy.config.Completed.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kubeproxy.config.FeatureGates.Resolution.Resolved;
import kubeproxy.config.LoggingOptions.Format;
import kubeproxy.config.LoggingOptions.Streams;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompletionTest {
  private static final SyncPeriods STANDARD_SYNC =
      new SyncPeriods(Duration.ofSeconds(30), Duration.ofSeconds(1));

  private static FeatureGates gates(Map<String, Boolean> given) {
    return ((Resolved) FeatureGates.resolve(given)).gates();
  }

  @Test
  void hasTheDefaultsOfKubernetes() {
    assertThat(options())
        .isEqualTo(
            new ProxyOptions(
                new ObjectSource.ApiServer(
                    Optional.empty(),
                    Optional.empty(),
                    "application/vnd.kubernetes.protobuf",
                    "",
                    5,
                    10,
                    Duration.ofMinutes(15)),
                Optional.empty(),
                new NodeIdentity(Optional.empty(), IpAddress.of("0.0.0.0")),
                new TrafficOptions(
                    new DetectLocal.ByClusterCidr(List.of()), Optional.empty(), true),
                new ModeOptions(
                    new ModeOptions.Iptables(STANDARD_SYNC, new Masquerade(14, false), true),
                    new ModeOptions.Ipvs(
                        new SyncPeriods(Duration.ofSeconds(30), Duration.ZERO),
                        "rr",
                        List.of(),
                        false,
                        new ModeOptions.IpvsTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                    new ModeOptions.Nftables(STANDARD_SYNC, new Masquerade(14, false)),
                    new ModeOptions.Userspace(PortRange.ANY, Duration.ofMillis(250))),
                new ConntrackOptions(
                    32768,
                    131072,
                    new ConntrackOptions.Timeouts(
                        Duration.ofHours(24), Duration.ofHours(1), Duration.ZERO, Duration.ZERO),
                    false),
                new StatusOptions(
                    Optional.of(new ListenAddress(IpAddress.of("0.0.0.0"), 10256)),
                    Optional.of(new ListenAddress(IpAddress.of("127.0.0.1"), 10249)),
                    false,
                    false,
                    false),
                new ProcessOptions(-999, gates(Map.of()), Optional.empty()),
                new LoggingOptions(
                    Format.TEXT,
                    Duration.ofSeconds(5),
                    0,
                    List.of(),
                    new Streams(false, 0),
                    new Streams(false, 0),
                    new LoggingOptions.Files(
                        true, false, "", "", 1800, 2, false, false, false, false, ":0")),
                new ActionOptions(
                    Optional.empty(), false, true, false, Optional.empty(), ReloadMode.APPLY)));
  }

  @Test
  void aFileThatSaysNothingMeansTheSame() {
    assertThat(completeFile("").options()).isEqualTo(options());
    assertThat(completeFile("").configuration()).isEqualTo(complete().configuration());
  }

  @Test
  void takesFlagsOfTheNodeAndTheApiServer() {
    ProxyOptions options =
        options(
            "--proxy-mode=ipvs",
            "--hostname-override= Node-A ",
            "--bind-address=10.0.0.7",
            "--kubeconfig=/k",
            "--master=https://m",
            "--kube-api-content-type=application/json",
            "--kube-api-qps=-1",
            "--kube-api-burst=0",
            "--config-sync-period=1m",
            "--oom-score-adj=-1000",
            "--version=v9.9.9");
    assertThat(options.source())
        .isEqualTo(
            new ObjectSource.ApiServer(
                Optional.of("/k"),
                Optional.of("https://m"),
                "application/json",
                "",
                -1,
                10,
                Duration.ofMinutes(1)));
    assertThat(options.mode()).contains(ProxyMode.IPVS);
    assertThat(options.node())
        .isEqualTo(new NodeIdentity(Optional.of("node-a"), IpAddress.of("10.0.0.7")));
    assertThat(options.process().oomScoreAdj()).isEqualTo(-1000);
    assertThat(options.process().reportedVersion()).contains("v9.9.9");
  }

  @Test
  void manifestsComeBeforeAnyApiServer() {
    assertThat(options("--manifests=/m", "--kubeconfig=/k", "--master=x").source())
        .isEqualTo(new ObjectSource.Manifests("/m"));
    assertThat(completeFile("clientConnection: {kubeconfig: /k}", "--manifests=/m").options())
        .extracting(ProxyOptions::source)
        .isEqualTo(new ObjectSource.Manifests("/m"));
    ObjectSource cluster = options().source();
    assertThat(((ObjectSource.ApiServer) cluster).inCluster()).isTrue();
    ObjectSource master = options("--master=x").source();
    assertThat(((ObjectSource.ApiServer) master).inCluster()).isFalse();
  }

  @Test
  void takesFlagsOfTheModes() {
    assertThat(
            options(
                    "--proxy-mode=ipvs",
                    "--iptables-masquerade-bit=3",
                    "--masquerade-all",
                    "--iptables-localhost-nodeports=false",
                    "--iptables-sync-period=2m",
                    "--iptables-min-sync-period=0",
                    "--ipvs-sync-period=3m",
                    "--ipvs-min-sync-period=4s",
                    "--ipvs-scheduler=sh",
                    "--ipvs-exclude-cidrs=10.0.0.0/8,fd00::/8",
                    "--ipvs-strict-arp",
                    "--ipvs-tcp-timeout=5s",
                    "--ipvs-tcpfin-timeout=6s",
                    "--ipvs-udp-timeout=7s",
                    "--proxy-port-range=1000+10",
                    "--udp-timeout=8s")
                .modes())
        .isEqualTo(
            new ModeOptions(
                new ModeOptions.Iptables(
                    new SyncPeriods(Duration.ofMinutes(2), Duration.ZERO),
                    new Masquerade(3, true),
                    false),
                new ModeOptions.Ipvs(
                    new SyncPeriods(Duration.ofMinutes(3), Duration.ofSeconds(4)),
                    "sh",
                    List.of(IpPrefix.of("10.0.0.0/8"), IpPrefix.of("fd00::/8")),
                    true,
                    new ModeOptions.IpvsTimeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(7))),
                new ModeOptions.Nftables(
                    new SyncPeriods(Duration.ofMinutes(2), Duration.ZERO),
                    new Masquerade(14, true)),
                new ModeOptions.Userspace(new PortRange(1000, 11), Duration.ofSeconds(8))));
  }

  @Test
  void takesFlagsOfConntrackAndStatus() {
    ProxyOptions options =
        options(
            "--conntrack-max-per-core=0",
            "--conntrack-min=5",
            "--conntrack-tcp-timeout-established=1h",
            "--conntrack-tcp-timeout-close-wait=2h",
            "--conntrack-udp-timeout=3s",
            "--conntrack-udp-timeout-stream=4s",
            "--conntrack-tcp-be-liberal",
            "--healthz-bind-address=::1",
            "--healthz-port=81",
            "--metrics-port=0",
            "--bind-address-hard-fail",
            "--profiling",
            "--show-hidden-metrics-for-version=1.35");
    assertThat(options.conntrack())
        .isEqualTo(
            new ConntrackOptions(
                0,
                5,
                new ConntrackOptions.Timeouts(
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(4)),
                true));
    assertThat(options.status())
        .isEqualTo(
            new StatusOptions(
                Optional.of(new ListenAddress(IpAddress.of("::1"), 81)),
                Optional.empty(),
                true,
                true,
                true));
  }

  @Test
  void takesFlagsOfLogging() {
    assertThat(
            options(
                    "-v3",
                    "--vmodule=a=1,b*=2",
                    "--log-flush-frequency=1s",
                    "--feature-gates=LoggingAlphaOptions=true",
                    "--log-text-split-stream",
                    "--log-text-info-buffer-size=1Ki",
                    "--log-json-split-stream",
                    "--log-json-info-buffer-size=2k",
                    "--logtostderr=false",
                    "--alsologtostderr",
                    "--log-dir=/d",
                    "--log-file=/f",
                    "--log-file-max-size=7",
                    "--stderrthreshold=WARNING",
                    "--one-output",
                    "--skip-headers",
                    "--skip-log-headers",
                    "--add-dir-header",
                    "--log-backtrace-at=SyncLoop.java:52")
                .logging())
        .isEqualTo(
            new LoggingOptions(
                Format.TEXT,
                Duration.ofSeconds(1),
                3,
                List.of(new ModuleLevel("a", 1), new ModuleLevel("b*", 2)),
                new Streams(true, 1024),
                new Streams(true, 2000),
                new LoggingOptions.Files(
                    false, true, "/d", "/f", 7, 1, true, true, true, true, "SyncLoop.java:52")));
    assertThat(options("--logging-format=json").logging().format()).isEqualTo(Format.JSON);
  }

  @Test
  void takesFlagsAboutWhatToDo() {
    assertThat(
            options(
                    "--write-config-to=/w",
                    "--cleanup",
                    "--cleanup-ipvs=false",
                    "--init-only",
                    "--config=/c",
                    "--config-reload=exit")
                .actions())
        .isEqualTo(
            new ActionOptions(
                Optional.of("/w"), true, false, true, Optional.of("/c"), ReloadMode.EXIT));
  }

  @Test
  void detectsLocalTrafficInFourWays() {
    assertThat(options("--cluster-cidr=").traffic()).isEqualTo(options().traffic());
    assertThat(options("--cluster-cidr=10.0.0.0/8,fd00::/8").traffic().detectLocal())
        .isEqualTo(
            new DetectLocal.ByClusterCidr(
                List.of(IpPrefix.of("10.0.0.0/8"), IpPrefix.of("fd00::/8"))));
    assertThat(options("--detect-local-mode=NodeCIDR", "--cluster-cidr=bad").traffic())
        .extracting(TrafficOptions::detectLocal)
        .isEqualTo(new DetectLocal.ByNodeCidr());
    assertThat(options("--detect-local-mode=BridgeInterface", "--pod-bridge-interface=cbr0"))
        .extracting(found -> found.traffic().detectLocal())
        .isEqualTo(new DetectLocal.ByBridge("cbr0"));
    assertThat(
            options("--detect-local-mode=InterfaceNamePrefix", "--pod-interface-name-prefix=veth"))
        .extracting(found -> found.traffic().detectLocal())
        .isEqualTo(new DetectLocal.ByInterfacePrefix("veth"));
  }

  @Test
  void theModeDecidesWhereNodePortsAnswerIfNothingIsSaid() {
    NodePortChoice everywhere = new NodePortChoice.InCidrs(List.of());
    TrafficOptions blank = options().traffic();
    assertThat(blank.nodePorts(ProxyMode.NFTABLES)).isEqualTo(new NodePortChoice.Primary());
    assertThat(blank.nodePorts(ProxyMode.IPTABLES)).isEqualTo(everywhere);
    assertThat(complete("--proxy-mode=nftables").configuration().nodePortAddresses())
        .containsExactly("primary");
    assertThat(complete("--proxy-mode=iptables").configuration().nodePortAddresses()).isEmpty();
    TrafficOptions given = options("--nodeport-addresses=10.1.2.3/8").traffic();
    assertThat(given.nodePorts(ProxyMode.NFTABLES))
        .isEqualTo(new NodePortChoice.InCidrs(List.of(IpPrefix.of("10.0.0.0/8"))));
  }

  @Test
  void fillsInPlatformDefaultsButTheMode() {
    var blank = complete().configuration();
    assertThat(blank.mode()).isEmpty();
    assertThat(blank.nodePortAddresses()).isEmpty();
    assertThat(blank.detectLocal().mode()).isEqualTo("ClusterCIDR");
    assertThat(completeFile("mode: nftables").configuration().nodePortAddresses())
        .containsExactly("primary");
  }

  @Test
  void makesPlanConfigs() {
    ProxyOptions options =
        completeFile(
                """
                nftables: {masqueradeAll: true}
                featureGates:
                  AllowServiceExternalIPs: false
                  SCTPSupport: false
                  ServiceTopology: true
                detectLocalMode: NodeCIDR
                bindAddress: 10.0.0.7
                """)
            .options();
    PlanConfig nftables =
        new PlanConfig(
            IpFamily.IPV6,
            "node-a",
            true,
            new DetectLocal.ByNodeCidr(),
            new NodePortChoice.Primary(),
            false,
            Optional.of(IpAddress.of("10.0.0.7")),
            false,
            true);
    assertThat(PlanConfigs.of(options, ProxyMode.NFTABLES, "node-a", IpFamily.IPV6))
        .isEqualTo(nftables);
    PlanConfig iptables = PlanConfigs.of(options, ProxyMode.IPTABLES, "node-a", IpFamily.IPV6);
    assertThat(iptables.masqueradeAll()).isFalse();
    assertThat(iptables.nodePortAddresses()).isEqualTo(new NodePortChoice.InCidrs(List.of()));
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void eachModeHasItsOwnPeriodsAndMarks(ProxyMode mode) {
    ProxyOptions options =
        completeFile(
                """
                iptables: {masqueradeBit: 1, masqueradeAll: true, syncPeriod: 1m}
                ipvs: {syncPeriod: 2m}
                nftables: {masqueradeBit: 3, syncPeriod: 3m}
                """)
            .options();
    Duration period =
        Duration.ofMinutes(
            switch (mode) {
              case IPTABLES, USERSPACE -> 1;
              case IPVS -> 2;
              case NFTABLES -> 3;
            });
    assertThat(options.sync(mode).period()).isEqualTo(period);
    assertThat(options.modes().masquerade(mode))
        .isEqualTo(mode == ProxyMode.NFTABLES ? new Masquerade(3, false) : new Masquerade(1, true));
    assertThat(options.modes().masquerade(mode).mark())
        .isEqualTo(mode == ProxyMode.NFTABLES ? 8 : 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--hostname-override=' ' | empty hostname-override is invalid",
        "--feature-gates=Nope=true | unrecognized feature gate: Nope",
        "--feature-gates=NFTablesProxyMode=false | cannot set feature gate NFTablesProxyMode to"
            + " false, feature is locked to true",
      })
  void refusesWhatCannotBeCompleted(String argument, String expected) {
    assertThat(refusal(argument.replace("' '", " "))).isEqualTo("failed complete: " + expected);
  }

  @Test
  void addsPortsLikeKubernetes() {
    assertThat(options("--healthz-bind-address=1.2.3.4:5", "--healthz-port=81").status().healthz())
        .contains(new ListenAddress(IpAddress.of("1.2.3.4"), 5));
    assertThat(options("--metrics-bind-address=::", "--metrics-port=9").status().metrics())
        .contains(new ListenAddress(IpAddress.of("::"), 9));
    assertThat(options("--metrics-bind-address=1.2.3.4").status().metrics())
        .contains(new ListenAddress(IpAddress.of("1.2.3.4"), 10249));
    assertThat(options("--healthz-port=0").status().healthz()).isEmpty();
    assertThat(options("--metrics-port=0").status().metrics()).isEmpty();
    assertThat(options("--metrics-bind-address=").status().metrics()).isEmpty();
    assertThat(options("--healthz-bind-address=").status()).isEqualTo(options().status());
  }
}
