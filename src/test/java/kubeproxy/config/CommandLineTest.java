package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import kubeproxy.config.CommandLine.Request;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static final String ROOT = "KubeProxyConfiguration.";
  private static final String LINUX = ROOT + "KubeProxyLinuxConfiguration.";

  private static Request parse(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--manifests=/services"));
    all.addAll(List.of(arguments));
    return CommandLine.parse(all);
  }

  private static ProxyOptions options(String... arguments) {
    Request request = parse(arguments);
    assertThat(request).isInstanceOf(Request.Run.class);
    return ((Request.Run) request).options();
  }

  private static String refusal(String... arguments) {
    Request request = parse(arguments);
    assertThat(request).isInstanceOf(Request.Refused.class);
    return ((Request.Refused) request).reason();
  }

  @Test
  void hasTheDefaultsOfKubernetes() {
    assertThat(options())
        .isEqualTo(
            new ProxyOptions(
                "/services",
                ProxyMode.NFTABLES,
                new NodeIdentity(Optional.empty(), IpAddress.of("0.0.0.0")),
                new TrafficOptions(
                    new DetectLocal.ByClusterCidr(List.of()),
                    new NodePortChoice.Primary(),
                    false,
                    true),
                new SyncPeriods(Duration.ofSeconds(30), Duration.ofSeconds(1)),
                new ConntrackOptions(
                    32768,
                    131072,
                    new ConntrackOptions.Timeouts(
                        Duration.ofHours(24), Duration.ofHours(1), Duration.ZERO, Duration.ZERO),
                    false),
                new StatusOptions(
                    Optional.of(new ListenAddress(IpAddress.of("0.0.0.0"), 10256)),
                    Optional.of(new ListenAddress(IpAddress.of("127.0.0.1"), 10249))),
                new ProcessOptions(-999, 0, Optional.empty())));
  }

  @Test
  void takesEveryFlag() {
    assertThat(
            options(
                "--proxy-mode=nftables",
                "--hostname-override= Node-A ",
                "--bind-address=10.0.0.7",
                "--feature-gates=AllowServiceExternalIPs=false,NFTablesProxyMode=true",
                "--detect-local-mode=InterfaceNamePrefix",
                "--pod-interface-name-prefix=veth",
                "--masquerade-all",
                "--nodeport-addresses=10.1.2.3/8,fd00::/8",
                "--iptables-sync-period=1m",
                "--iptables-min-sync-period=0",
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
                "--oom-score-adj=-1000",
                "--version=v9.9.9",
                "-v3"))
        .isEqualTo(
            new ProxyOptions(
                "/services",
                ProxyMode.NFTABLES,
                new NodeIdentity(Optional.of("node-a"), IpAddress.of("10.0.0.7")),
                new TrafficOptions(
                    new DetectLocal.ByInterfacePrefix("veth"),
                    new NodePortChoice.InCidrs(
                        List.of(IpPrefix.of("10.0.0.0/8"), IpPrefix.of("fd00::/8"))),
                    true,
                    false),
                new SyncPeriods(Duration.ofMinutes(1), Duration.ZERO),
                new ConntrackOptions(
                    0,
                    5,
                    new ConntrackOptions.Timeouts(
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4)),
                    true),
                new StatusOptions(
                    Optional.of(new ListenAddress(IpAddress.of("::1"), 81)), Optional.empty()),
                new ProcessOptions(-1000, 3, Optional.of("v9.9.9"))));
  }

  @Test
  void detectsLocalTrafficInFourWays() {
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
  }

  @Test
  void makesPlanConfigs() {
    ProxyOptions options =
        options(
            "--masquerade-all",
            "--feature-gates=AllowServiceExternalIPs=false",
            "--detect-local-mode=NodeCIDR",
            "--nodeport-addresses=10.0.0.0/8",
            "--bind-address=10.0.0.7");
    assertThat(PlanConfigs.of(options, "node-a", IpFamily.IPV6))
        .isEqualTo(
            new PlanConfig(
                IpFamily.IPV6,
                "node-a",
                true,
                new DetectLocal.ByNodeCidr(),
                new NodePortChoice.InCidrs(List.of(IpPrefix.of("10.0.0.0/8"))),
                false,
                Optional.of(IpAddress.of("10.0.0.7"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--proxy-mode=Nft | Mode.ProxyMode: Invalid value: \"Nft\": must be iptables, ipvs,"
            + " nftables or blank (blank means the best-available proxy [currently nftables])",
        "--proxy-mode=iptables | Mode.ProxyMode: Invalid value: \"iptables\": this build does not"
            + " have the iptables mode yet; use nftables or leave it blank",
        "--proxy-mode=ipvs | Mode.ProxyMode: Invalid value: \"ipvs\": this build does not"
            + " have the ipvs mode yet; use nftables or leave it blank",
        "--proxy-mode=userspace | Mode.ProxyMode: Invalid value: \"userspace\": this build does not"
            + " have the userspace mode yet; use nftables or leave it blank",
        "--manifests= | Manifests: Required value: this build reads Services from manifests only;"
            + " name a file or folder with --manifests",
        "--detect-local-mode=x | DetectLocalMode: Unsupported value: \"x\": supported values: \"\","
            + " \"BridgeInterface\", \"ClusterCIDR\", \"InterfaceNamePrefix\", \"NodeCIDR\"",
        "--detect-local-mode=BridgeInterface | DetectLocalConfiguration.InterfaceName:"
            + " Invalid value: \"\": must not be empty",
        "--detect-local-mode=InterfaceNamePrefix | DetectLocalConfiguration.InterfacePrefix:"
            + " Invalid value: \"\": must not be empty",
        "--cluster-cidr= | DetectLocalConfiguration.ClusterCIDRs[0]: Invalid value: \"\": must be a"
            + " valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)",
        "--cluster-cidr=10.0.0.0/8,x | DetectLocalConfiguration.ClusterCIDRs[1]: Invalid value:"
            + " \"x\": must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)",
        "--cluster-cidr=10.0.0.0/8,11.0.0.0/8 | DetectLocalConfiguration.ClusterCIDRs: Invalid"
            + " value: \"10.0.0.0/8,11.0.0.0/8\": must be a valid DualStack CIDR (e.g."
            + " 10.100.0.0/16,fde4:8dba:82e1::/48)",
        "--cluster-cidr=10.0.0.0/8,fd00::/8,11.0.0.0/8 | DetectLocalConfiguration.ClusterCIDRs:"
            + " Invalid value: \"10.0.0.0/8,fd00::/8,11.0.0.0/8\": only one CIDR allowed or a valid"
            + " DualStack CIDR (e.g. 10.100.0.0/16,fde4:8dba:82e1::/48)",
        "--nodeport-addresses=1.2.3.4 | NodePortAddresses[0]: Invalid value: \"1.2.3.4\":"
            + " must be a valid CIDR",
        "--nodeport-addresses=primary,x | NodePortAddresses[0]: Invalid value: \"primary\":"
            + " can't use both 'primary' and CIDRs",
        "--iptables-sync-period=0 | SyncPeriod: Invalid value: 0s: must be greater than 0",
        "--iptables-min-sync-period=-1s | MinSyncPeriod: Invalid value: -1s: must be greater than"
            + " or equal to 0",
        "--iptables-min-sync-period=1m | SyncPeriod: Invalid value: 1m0s: must be greater than or"
            + " equal to KubeProxyConfiguration.MinSyncPeriod",
        "--healthz-bind-address=1.2.3.4:0 | HealthzBindAddress: Invalid value: \"1.2.3.4:0\": must"
            + " be a valid port",
        "--metrics-bind-address=[::1]:0 | MetricsBindAddress: Invalid value: \"[::1]:0\": must be a"
            + " valid port",
      })
  void refusesWhatMakesNoSense(String argument, String expected) {
    String reason = refusal(argument);
    if (argument.endsWith("-sync-period=0")) {
      assertThat(reason).contains(ROOT + expected);
    } else {
      assertThat(reason).isEqualTo("failed validate: " + ROOT + expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "conntrack-max-per-core, MaxPerCore, -1",
    "conntrack-min, Min, -1",
    "conntrack-tcp-timeout-established, TCPEstablishedTimeout, -1s",
    "conntrack-tcp-timeout-close-wait, TCPCloseWaitTimeout, -1s",
    "conntrack-udp-timeout, UDPTimeout, -1s",
    "conntrack-udp-timeout-stream, UDPStreamTimeout, -1s"
  })
  void refusesNegativeConntrackValues(String flag, String field, String value) {
    assertThat(refusal("--" + flag + "=" + value))
        .isEqualTo(
            "failed validate: "
                + LINUX
                + "KubeProxyConntrackConfiguration."
                + field
                + ": Invalid value: "
                + value
                + ": must be greater than or equal to 0");
  }

  @Test
  void collectsAllErrors() {
    assertThat(refusal("--oom-score-adj=1001", "--conntrack-min=-2", "--proxy-mode=ipvs"))
        .isEqualTo(
            "failed validate: ["
                + ROOT
                + "Mode.ProxyMode: Invalid value: \"ipvs\": this build does not have the ipvs mode"
                + " yet; use nftables or leave it blank, "
                + LINUX
                + "KubeProxyConntrackConfiguration.Min: Invalid value: -2: must be greater than or"
                + " equal to 0, "
                + LINUX
                + "OOMScoreAdj: Invalid value: 1001: must be within the range [-1000, 1000]]");
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
  }

  @Test
  void passesNoticesOn() {
    String notice =
        "Flag --healthz-port has been deprecated, This flag is deprecated and will be removed in a"
            + " future release. Please use --healthz-bind-address instead.";
    assertThat(((Request.Run) parse("--healthz-port=1")).notices()).containsExactly(notice);
    assertThat(((Request.Refused) parse("--healthz-port=1", "--proxy-mode=x")).notices())
        .containsExactly(notice);
  }

  @Test
  void explainsMisuse() {
    assertThat(parse("--proxy-mod=x"))
        .isEqualTo(
            new Request.Misused(
                """
                Usage:
                  kube-proxy [flags]

                Use "kube-proxy --help" to see all flags.

                Error: unknown flag: --proxy-mod
                Did you mean --proxy-mode?
                """));
    assertThat(((Request.Misused) parse("--completely-unknown")).text())
        .endsWith("\n\nError: unknown flag: --completely-unknown\n");
    assertThat(parse("run", "--masquerade-all", "", "x y"))
        .isEqualTo(
            new Request.Misused(
                "Error: \"kube-proxy\" does not take any arguments, got"
                    + " [\"run\" \"\" \"x y\"]\n"));
    assertThat(parse("", "")).isInstanceOf(Request.Run.class);
  }

  @Test
  void printsTheVersionBeforeItChecksValues() {
    assertThat(parse("--version", "--proxy-mode=x")).isEqualTo(new Request.PrintVersion(false));
    assertThat(parse("--version=raw")).isEqualTo(new Request.PrintVersion(true));
    assertThat(parse("--version=false")).isInstanceOf(Request.Run.class);
  }

  @Test
  void printsHelpBeforeItLooksAtArguments() {
    assertThat(parse("-h", "run", "--proxy-mode=x")).isInstanceOf(Request.Print.class);
    assertThat(parse("--help")).isEqualTo(parse("-h"));
    assertThat(parse("-h", "--nope")).isInstanceOf(Request.Misused.class);
  }

  @Test
  void helpIsAsReviewed() throws IOException {
    String help = ((Request.Print) parse("-h")).text();
    try (InputStream golden =
        Objects.requireNonNull(CommandLineTest.class.getResourceAsStream("help.txt"))) {
      assertThat(help).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }
}
