package kubeproxy.config;

import static kubeproxy.config.Completed.completeFile;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import kubeproxy.config.StartupChecks.Findings;
import kubeproxy.config.StartupChecks.Node;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupChecksTest {
  private static final Node IPV4_ONLY =
      new Node(IpFamily.IPV4, false, List.of(IpAddress.of("10.0.0.1")), List.of());
  private static final Node IPV6_ONLY =
      new Node(IpFamily.IPV6, false, List.of(IpAddress.of("fd00::1")), List.of());
  private static final Node DUAL =
      new Node(
          IpFamily.IPV4,
          true,
          List.of(IpAddress.of("10.0.0.1"), IpAddress.of("fd00::1")),
          List.of());
  private static final String UNSET =
      "nodePortAddresses is unset; NodePort connections will be accepted on all local IPs. Consider"
          + " using `--nodeport-addresses primary`";

  private static Findings check(String lines, ProxyMode mode, Node node) {
    return StartupChecks.check(completeFile(lines).configuration(), mode, node);
  }

  private static Node withPodCidrs(Node node, String... cidrs) {
    List<IpPrefix> all = List.of(cidrs).stream().map(IpPrefix::of).toList();
    return new Node(node.primary(), node.dualStack(), node.addresses(), all);
  }

  /// Warnings where node ports are limited as they should be.
  private static List<String> warnings(String lines, Node node) {
    Findings findings = check("nodePortAddresses: [primary]\n" + lines, ProxyMode.IPTABLES, node);
    assertThat(findings.fatal()).isEmpty();
    return findings.warnings();
  }

  @Test
  void saysNothingWhereAllIsWell() {
    assertThat(check("", ProxyMode.NFTABLES, IPV4_ONLY))
        .isEqualTo(new Findings(List.of(), Optional.empty()));
    assertThat(warnings("clusterCIDR: 10.0.0.0/8,fd00::/8", DUAL)).isEmpty();
    assertThat(warnings("bindAddress: fd00::1\nclusterCIDR: fd00::/8", IPV6_ONLY)).isEmpty();
  }

  @Test
  void warnsOfOpenNodePorts() {
    assertThat(check("", ProxyMode.IPTABLES, IPV4_ONLY).warnings()).containsExactly(UNSET);
    Node loopback = new Node(IpFamily.IPV4, false, List.of(IpAddress.of("127.0.0.1")), List.of());
    assertThat(check("", ProxyMode.NFTABLES, loopback).warnings()).containsExactly(UNSET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "127.0.0.0/8, 'fd00::/64' | -",
        "0.0.0.0/0, 127.0.0.0/8, '::/0' | -",
        "10.0.0.0/8, '::1/128' | localhost NodePorts are not supported on IPv6",
      })
  void warnsOfLoopbackAddressesThatDoNotAnswer(String cidrs, @Nullable String warning) {
    String lines = "nodePortAddresses: [" + cidrs + "]";
    List<String> expected =
        warning == null
            ? List.of()
            : List.of("--nodeport-addresses includes localhost but " + warning);
    assertThat(check(lines, ProxyMode.IPTABLES, DUAL).warnings()).isEqualTo(expected);
    assertThat(check(lines, ProxyMode.NFTABLES, DUAL).warnings()).isEmpty();
  }

  @Test
  void warnsOfLoopbackAddressesThatAreSwitchedOff() {
    String lines =
        "nodePortAddresses: [127.0.0.0/8, 'fd00::/64']\niptables: {localhostNodePorts: false}";
    assertThat(check(lines, ProxyMode.IPTABLES, DUAL).warnings())
        .containsExactly(
            "--nodeport-addresses includes localhost but"
                + " --iptables-localhost-nodeports=false was passed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clusterCIDR: 10.0.0.0/8,fd00::/8",
        "ipvs: {excludeCIDRs: [10.0.0.0/8, 'fd00::/8']}",
      })
  void warnsWhereOneFamilyOfNodePortsIsOpen(String lines) {
    assertThat(
            check(lines + "\nnodePortAddresses: [10.0.0.0/8]", ProxyMode.IPTABLES, DUAL).warnings())
        .containsExactly(
            "cluster appears to be dual-stack but nodePortAddresses contains only IPv4 addresses;"
                + " NodePort connections will be accepted on all local IPv6 IPs");
  }

  @Test
  void podCidrsTellOfDualStackToo() {
    Node node = withPodCidrs(DUAL, "10.0.0.0/24", "fd00::/64");
    assertThat(check("nodePortAddresses: [10.0.0.0/8]", ProxyMode.IPTABLES, node).warnings())
        .hasSize(1);
    assertThat(check("nodePortAddresses: [10.0.0.0/8]", ProxyMode.IPTABLES, DUAL).warnings())
        .isEmpty();
  }

  @Test
  void warnsWhereThePrimaryFamilyOfNodePortsIsOpen() {
    assertThat(check("nodePortAddresses: ['fd00::/8']", ProxyMode.IPTABLES, DUAL).warnings())
        .containsExactly(
            "cluster appears to be IPv4-primary but nodePortAddresses contains only IPv6 addresses;"
                + " NodePort connections will be accepted on all local IPv4 IPs");
  }

  @Test
  void clusterCidrsOfTheWrongFamilyAreFatalWhereThereIsOnlyOne() {
    Findings single = check("clusterCIDR: fd00::/8", ProxyMode.NFTABLES, IPV4_ONLY);
    assertThat(single.fatal())
        .contains(
            "kube-proxy configuration is incorrect: cluster is IPv4-only but clusterCIDRs contains"
                + " only IPv6 addresses");
    assertThat(single.warnings()).isEmpty();
    assertThat(warnings("clusterCIDR: fd00::/8", DUAL))
        .containsExactly("cluster is IPv4-primary but clusterCIDRs contains only IPv6 addresses");
    assertThat(warnings("clusterCIDR: fd00::/8\ndetectLocalMode: NodeCIDR", IPV4_ONLY))
        .containsExactly("cluster is IPv4-only but clusterCIDRs contains only IPv6 addresses");
  }

  @Test
  void podCidrsOfTheWrongFamilyAreFatalWherePodsAreToldByThem() {
    Node dual = withPodCidrs(DUAL, "fd00::/64");
    assertThat(check("detectLocalMode: NodeCIDR", ProxyMode.NFTABLES, dual).fatal())
        .contains(
            "kube-proxy configuration is incorrect: cluster is IPv4-primary but node.spec.podCIDRs"
                + " contains only IPv6 addresses");
    assertThat(warnings("bindAddress: fd00::1", withPodCidrs(IPV6_ONLY, "10.0.0.0/24")))
        .containsExactly(
            "cluster is IPv6-only but node.spec.podCIDRs contains only IPv4 addresses");
    assertThat(warnings("", withPodCidrs(DUAL, "fd00::/64", "10.0.0.0/24"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ipvs: {excludeCIDRs: ['fd00::/8']} | ipvs.excludeCIDRs contains only IPv6 addresses",
        "healthzBindAddress: '[fd00::1]:1' | healthzBindAddress is IPv6",
        "metricsBindAddress: '[::1]:1' | metricsBindAddress is IPv6",
      })
  void warnsOfTheWrongFamilyWhereThereIsOnlyOne(String lines, String problem) {
    assertThat(warnings(lines.strip(), IPV4_ONLY))
        .containsExactly("cluster is IPv4-only but " + problem);
    assertThat(warnings(lines.strip(), DUAL)).isEmpty();
  }

  @Test
  void unspecifiedAddressesAreOfEveryFamily() {
    assertThat(warnings("healthzBindAddress: '[::]:1'", IPV4_ONLY)).isEmpty();
    assertThat(warnings("healthzBindAddress: \"0\"", IPV4_ONLY)).isEmpty();
  }

  @Test
  void warnsOfSettingsOfWindows() {
    assertThat(warnings("winkernel: {sourceVip: 'fd00::1'}", DUAL))
        .containsExactly("cluster is IPv4-primary but winkernel.sourceVip is IPv6");
  }

  @Test
  void tellsAllInOneText() {
    Findings findings =
        check(
            "clusterCIDR: fd00::/8\nhealthzBindAddress: '[fd00::1]:1'\nmetricsBindAddress: ::1",
            ProxyMode.IPTABLES,
            IPV4_ONLY);
    assertThat(findings.warnings()).containsExactly(UNSET);
    assertThat(findings.fatal())
        .contains(
            "kube-proxy configuration is incorrect: [cluster is IPv4-only but clusterCIDRs contains"
                + " only IPv6 addresses, cluster is IPv4-only but healthzBindAddress is IPv6,"
                + " cluster is IPv4-only but metricsBindAddress is IPv6]");
  }
}
