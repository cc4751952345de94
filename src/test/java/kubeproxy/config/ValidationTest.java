package kubeproxy.config;

import static kubeproxy.config.Completed.completeFile;
import static kubeproxy.config.Completed.refusal;
import static kubeproxy.config.Completed.refusedFile;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
  private static final String ROOT = "KubeProxyConfiguration.";
  private static final String NOT_NEGATIVE = "must be greater than or equal to 0";

  private static String invalid(String lines) {
    String reason = refusedFile(lines);
    assertThat(reason).startsWith("failed validate: ");
    return reason.substring("failed validate: ".length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iptables: {masqueradeBit: -1} | KubeProxyIPTablesConfiguration.MasqueradeBit: Invalid"
            + " value: -1: must be within the range [0, 31]",
        "mode: ipvs ; iptables: {masqueradeBit: 32} |"
            + " KubeProxyIPTablesConfiguration.MasqueradeBit: Invalid value: 32: must be within the"
            + " range [0, 31]",
        "mode: nftables ; nftables: {masqueradeBit: 32} |"
            + " KubeProxyNFTablesConfiguration.MasqueradeBit: Invalid value: 32: must be within the"
            + " range [0, 31]",
        "nftables: {masqueradeBit: -5} | KubeProxyNFTablesConfiguration.MasqueradeBit: Invalid"
            + " value: -5: must be within the range [0, 31]",
        "mode: ipvs ; ipvs: {tcpTimeout: -1s} | KubeProxyIPVSConfiguration.TCPTimeout: Invalid"
            + " value: \"-1s\": must be greater than or equal to 0",
        "mode: ipvs ; ipvs: {tcpFinTimeout: -1s} | KubeProxyIPVSConfiguration.TCPFinTimeout:"
            + " Invalid value: \"-1s\": must be greater than or equal to 0",
        "mode: ipvs ; ipvs: {udpTimeout: -1s} | KubeProxyIPVSConfiguration.UDPTimeout: Invalid"
            + " value: \"-1s\": must be greater than or equal to 0",
        "mode: ipvs ; ipvs: {excludeCIDRs: [10.0.0.0/8, 10.0.0.1]} |"
            + " KubeProxyIPVSConfiguration.ExcludeCidrs[1]: Invalid value: \"10.0.0.1\": must be a"
            + " valid CIDR",
        "oomScoreAdj: 1001 | KubeProxyLinuxConfiguration.OOMScoreAdj: Invalid value: 1001: must be"
            + " within the range [-1000, 1000]",
        "oomScoreAdj: -1001 | KubeProxyLinuxConfiguration.OOMScoreAdj: Invalid value: -1001: must"
            + " be within the range [-1000, 1000]",
        "mode: Nft | Mode.ProxyMode: Invalid value: \"Nft\": must be userspace, iptables, ipvs,"
            + " nftables or blank (blank means the best-available proxy [currently nftables])",
        "clientConnection: {burst: -1} | ClientConnection.Burst: Invalid value: -1: must be greater"
            + " than or equal to 0",
        "udpIdleTimeout: -1s | UDPIdleTimeout: Invalid value: \"-1s\": must be greater than 0",
        "mode: userspace ; portRange: a-b | PortRange: Invalid value: \"a-b\": must be a valid"
            + " port range (e.g. 300-2000)",
        "configSyncPeriod: -1s | ConfigSyncPeriod: Invalid value: \"-1s\": must be greater than 0",
        "mode: iptables ; iptables: {minSyncPeriod: -1s} | MinSyncPeriod: Invalid value: \"-1s\":"
            + " must be greater than or equal to 0",
        "mode: userspace ; iptables: {minSyncPeriod: 1m} | SyncPeriod: Invalid value: \"1m0s\":"
            + " must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod",
        "mode: ipvs ; ipvs: {minSyncPeriod: 1m} | SyncPeriod: Invalid value: \"1m0s\":"
            + " must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod",
        "mode: nftables ; nftables: {minSyncPeriod: 1m} | SyncPeriod: Invalid value: \"1m0s\":"
            + " must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod",
        "nftables: {minSyncPeriod: 1m} | SyncPeriod: Invalid value: \"1m0s\":"
            + " must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod",
        "iptables: {minSyncPeriod: 1m} | SyncPeriod: Invalid value: \"1m0s\":"
            + " must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod",
      })
  void refusesModesThatMakeNoSense(String lines, String expected) {
    assertThat(invalid(lines.replace(" ; ", "\n"))).isEqualTo(ROOT + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bindAddress: nonsense ; healthzBindAddress: 1.2.3.4 ; metricsBindAddress: 1.2.3.4 |"
            + " BindAddress: Invalid value: \"nonsense\": not a valid textual representation of an"
            + " IP address",
        "healthzBindAddress: localhost | HealthzBindAddress: Invalid value: \"localhost\": must be"
            + " IP:port",
        "healthzBindAddress: localhost:1 | HealthzBindAddress: Invalid value: \"localhost\": must"
            + " be a valid IP",
        "healthzBindAddress: 1.2.3.4:0 | HealthzBindAddress: Invalid value: \"0\": must be a valid"
            + " port",
        "metricsBindAddress: '[::1]' | MetricsBindAddress: Invalid value: \"[::1]\": must be"
            + " IP:port",
        "metricsBindAddress: '[::1]:65536' | MetricsBindAddress: Invalid value: \"65536\": must be"
            + " a valid port",
        "metricsBindAddress: 1.2.3.4:http | MetricsBindAddress: Invalid value: \"http\": must be"
            + " a valid port",
        "nodePortAddresses: [10.0.0.0/8, x] | NodePortAddresses[1]: Invalid value: \"x\": must be a"
            + " valid CIDR",
        "nodePortAddresses: [10.0.0.0/8, primary, x] | NodePortAddresses[1]: Invalid value:"
            + " \"primary\": can't use both 'primary' and CIDRs",
        "nodePortAddresses: [primary, primary] | NodePortAddresses[0]: Invalid value:"
            + " \"primary\": can't use both 'primary' and CIDRs",
        "showHiddenMetricsForVersion: '1.36' | ShowHiddenMetricsForVersion: Invalid value:"
            + " \"1.36\": invalid showHiddenMetricsForVersion: showHiddenMetricsForVersion: Invalid"
            + " value: \"1.36\": must be omitted or have the value '1.35'; only the previous minor"
            + " version is allowed",
        "detectLocalMode: x | DetectLocalMode: Unsupported value: \"x\": supported values:"
            + " \"ClusterCIDR\", \"NodeCIDR\", \"BridgeInterface\", \"InterfaceNamePrefix\", \"\"",
        "detectLocalMode: BridgeInterface | DetectLocalConfiguration.InterfaceName: Invalid value:"
            + " \"\": must not be empty",
        "detectLocalMode: InterfaceNamePrefix | DetectLocalConfiguration.InterfacePrefix: Invalid"
            + " value: \"\": must not be empty",
        "clusterCIDR: '10.0.0.0/8,' | DetectLocalConfiguration.ClusterCIDRs[1]: Invalid value:"
            + " \"\": must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)",
        "clusterCIDR: '10.0.0.0/8,11.0.0.0/8' | DetectLocalConfiguration.ClusterCIDRs: Invalid"
            + " value: [\"10.0.0.0/8\",\"11.0.0.0/8\"]: must be a either a single CIDR or"
            + " dual-stack pair of CIDRs (e.g. [10.100.0.0/16, fde4:8dba:82e1::/48]",
        "clusterCIDR: 'a,b,c' | DetectLocalConfiguration.ClusterCIDRs: Invalid value:"
            + " [\"a\",\"b\",\"c\"]: must be a either a single CIDR or dual-stack pair of CIDRs"
            + " (e.g. [10.100.0.0/16, fde4:8dba:82e1::/48]",
      })
  void refusesAddressesThatMakeNoSense(String lines, String expected) {
    assertThat(invalid(lines.replace(" ; ", "\n"))).isEqualTo(ROOT + expected);
  }

  @ParameterizedTest
  @CsvSource({
    "maxPerCore, MaxPerCore, -1, -1",
    "min, Min, -1, -1",
    "tcpEstablishedTimeout, TCPEstablishedTimeout, -1s, '\"-1s\"'",
    "tcpCloseWaitTimeout, TCPCloseWaitTimeout, -1s, '\"-1s\"'",
    "udpTimeout, UDPTimeout, -1s, '\"-1s\"'",
    "udpStreamTimeout, UDPStreamTimeout, -1s, '\"-1s\"'"
  })
  void refusesNegativeConntrackValues(String key, String field, String value, String shown) {
    assertThat(invalid("conntrack: {" + key + ": " + value + "}"))
        .isEqualTo(
            ROOT
                + "KubeProxyLinuxConfiguration.KubeProxyConntrackConfiguration."
                + field
                + ": Invalid value: "
                + shown
                + ": "
                + NOT_NEGATIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode: iptables\nnftables: {masqueradeBit: 99, syncPeriod: -1s, minSyncPeriod: 1h}",
        "mode: iptables\nipvs: {tcpTimeout: -1s, excludeCIDRs: [x], syncPeriod: -1s}",
        "mode: nftables\niptables: {syncPeriod: -1s}",
        "mode: nftables\nipvs: {tcpTimeout: -1s, excludeCIDRs: [x], syncPeriod: -1s}",
        "mode: ipvs\niptables: {syncPeriod: -1s}\nipvs: {scheduler: anything}",
        "mode: ipvs\nnftables: {masqueradeBit: 99}",
        "mode: userspace\nportRange: ''\n",
        "portRange: nonsense",
        "detectLocalMode: NodeCIDR\nclusterCIDR: nonsense",
        "nodePortAddresses: [primary]",
        "nodePortAddresses: [010.0.0.1/8]",
        "clusterCIDR: 10.0.0.1/8",
        "clusterCIDR: fd00::1/8,10.0.0.0/8",
        "showHiddenMetricsForVersion: '1.35'",
        "showHiddenMetricsForVersion: '1.16'",
        "conntrack: {maxPerCore: 0, min: 0}",
        "clientConnection: {qps: -1}",
        "mode: userspace",
        "mode: ipvs",
      })
  void takesWhatUpstreamTakes(String lines) {
    assertThat(completeFile(lines).warnings()).isEmpty();
  }

  @Test
  void takesServersThatAreOff() {
    StatusOptions status =
        completeFile("healthzBindAddress: \"0\"\nmetricsBindAddress: \"0\"").options().status();
    assertThat(status.healthz()).isEmpty();
    assertThat(status.metrics()).isEmpty();
  }

  @Test
  void tellsAllErrorsInTheOrderOfUpstream() {
    String all =
        invalid(
            """
            iptables: {masqueradeBit: 32, minSyncPeriod: 1h}
            mode: nope
            conntrack: {min: -1}
            oomScoreAdj: 5000
            clientConnection: {burst: -1}
            configSyncPeriod: -1s
            bindAddress: x
            healthzBindAddress: b
            metricsBindAddress: c
            nodePortAddresses: [w]
            showHiddenMetricsForVersion: v
            detectLocalMode: u
            """);
    assertThat(all).startsWith("[").endsWith("]");
    List<String> paths =
        List.of(all.substring(1, all.length() - 1).split(", (?=" + ROOT + ")")).stream()
            .map(error -> error.substring(ROOT.length(), error.indexOf(": ")))
            .toList();
    assertThat(paths)
        .containsExactly(
            "KubeProxyIPTablesConfiguration.MasqueradeBit",
            "KubeProxyLinuxConfiguration.KubeProxyConntrackConfiguration.Min",
            "KubeProxyLinuxConfiguration.OOMScoreAdj",
            "Mode.ProxyMode",
            "ClientConnection.Burst",
            "ConfigSyncPeriod",
            "SyncPeriod",
            "BindAddress",
            "HealthzBindAddress",
            "MetricsBindAddress",
            "NodePortAddresses[0]",
            "ShowHiddenMetricsForVersion",
            "DetectLocalMode");
  }

  /// Flags and files go the same way.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--iptables-sync-period=0 --iptables-min-sync-period=0 | SyncPeriod: Invalid value: \"0s\":"
            + " must be greater than 0",
        "--udp-timeout=0 | UDPIdleTimeout: Invalid value: \"0s\": must be greater than 0",
        "--config-sync-period=0 | ConfigSyncPeriod: Invalid value: \"0s\": must be greater than 0",
        "--cluster-cidr=10.0.0.0/8, | DetectLocalConfiguration.ClusterCIDRs[1]: Invalid value:"
            + " \"\": must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)",
        "--kube-api-qps=NaN | ClientConnection.QPS: Invalid value: NaN: must be a finite number",
        "--kube-api-qps=-Inf | ClientConnection.QPS: Invalid value: -Infinity: must be a finite"
            + " number",
        "--proxy-mode=ipvs --ipvs-sync-period=0 | SyncPeriod: Invalid value: \"0s\": must be"
            + " greater than 0",
      })
  void refusesFlagsThatMakeNoSense(String arguments, String expected) {
    assertThat(refusal(arguments.strip().split(" ")))
        .isEqualTo("failed validate: " + ROOT + expected);
  }

  /// A gate that is wrong is told before everything else is looked at, but a configuration that
  /// comes another way is not let through either.
  @Test
  void refusesWrongGates() {
    assertThat(refusedFile("featureGates: {Nope: true}\nmode: nope"))
        .isEqualTo("failed complete: unrecognized feature gate: Nope");
    KubeProxyConfiguration standard = KubeProxyConfiguration.DEFAULT;
    KubeProxyConfiguration wrong =
        new KubeProxyConfiguration(
            new TreeMap<>(Map.of("Nope", true)),
            standard.clientConnection(),
            standard.logging(),
            standard.identity(),
            standard.status(),
            standard.mode(),
            standard.iptables(),
            standard.ipvs(),
            standard.nftables(),
            standard.userspace(),
            standard.windows(),
            standard.detectLocal(),
            standard.nodePortAddresses(),
            standard.conntrack(),
            standard.oomScoreAdj(),
            standard.configSyncPeriod());
    assertThat(FieldError.join(Validation.errors(wrong)))
        .isEqualTo(
            ROOT + "featureGates: Invalid value: {\"Nope\":true}: unrecognized feature gate: Nope");
    assertThat(Validation.errors(standard)).isEmpty();
  }
}
