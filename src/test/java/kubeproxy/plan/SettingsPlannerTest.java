package kubeproxy.plan;

import static kubeproxy.testing.Objects.node;
import static kubeproxy.testing.Objects.prefixes;
import static kubeproxy.testing.Objects.serviceCidr;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import org.junit.jupiter.api.Test;

/// What is true for all Services of the node.
class SettingsPlannerTest {
  private static final NodeFacts LOCAL =
      facts("127.0.0.1", "192.168.0.2", "192.168.1.2", "::1", "2001:db8::1", "2001:db8:1::2");
  private static final ClusterObject DUAL =
      node(PlanFixture.NODE)
          .addresses("192.168.0.2", "192.168.1.2", "2001:db8::1")
          .podCidrs("10.1.0.0/24", "10.2.0.0/24", "fd00:10:1::/64")
          .build();

  private static NodeFacts facts(String... addresses) {
    return new NodeFacts(Stream.of(addresses).map(IpAddress::of).toList());
  }

  private static NodeSettings settings(
      IpFamily family,
      DetectLocal detect,
      NodePortChoice choice,
      NodeFacts facts,
      ClusterObject... objects) {
    PlanConfig config = new PlanConfig(family, PlanFixture.NODE, true, detect, choice, true);
    var snapshot = PlanFixture.snapshot(objects);
    return SettingsPlanner.plan(config, OwnNode.of(config, snapshot), snapshot, facts);
  }

  private static LocalSource source(IpFamily family, DetectLocal detect, ClusterObject... objects) {
    return settings(family, detect, new NodePortChoice.Primary(), LOCAL, objects).localSource();
  }

  private static NodePortAddresses nodePorts(
      IpFamily family, NodePortChoice choice, NodeFacts facts, ClusterObject... objects) {
    return settings(family, new DetectLocal.ByNodeCidr(), choice, facts, objects)
        .nodePortAddresses();
  }

  private static NodePortAddresses only(String... addresses) {
    return new NodePortAddresses.Only(Stream.of(addresses).map(IpAddress::of).toList());
  }

  private static NodePortChoice in(String... cidrs) {
    return new NodePortChoice.InCidrs(prefixes(cidrs));
  }

  private static LocalSource from(String cidr) {
    return new LocalSource.FromPrefix(prefixes(cidr).getFirst());
  }

  @Test
  void byClusterCidr() {
    DetectLocal dual =
        new DetectLocal.ByClusterCidr(prefixes("fd00:10::/64", "10.0.0.0/8", "11.0.0.0/8"));
    assertThat(source(IpFamily.IPV4, dual)).isEqualTo(from("10.0.0.0/8"));
    assertThat(source(IpFamily.IPV6, dual)).isEqualTo(from("fd00:10::/64"));
    assertThat(source(IpFamily.IPV6, new DetectLocal.ByClusterCidr(prefixes("10.0.0.0/8"))))
        .isEqualTo(new LocalSource.Unknown());
  }

  @Test
  void byNodeCidr() {
    DetectLocal detect = new DetectLocal.ByNodeCidr();
    assertThat(source(IpFamily.IPV4, detect, DUAL)).isEqualTo(from("10.1.0.0/24"));
    assertThat(source(IpFamily.IPV6, detect, DUAL)).isEqualTo(from("fd00:10:1::/64"));
    assertThat(source(IpFamily.IPV4, detect)).isEqualTo(new LocalSource.Unknown());
    assertThat(source(IpFamily.IPV4, detect, node("other").podCidrs("10.9.0.0/24").build()))
        .isEqualTo(new LocalSource.Unknown());
  }

  @Test
  void byInterface() {
    assertThat(source(IpFamily.IPV4, new DetectLocal.ByBridge("br0")))
        .isEqualTo(new LocalSource.FromInterface("br0"));
    assertThat(source(IpFamily.IPV6, new DetectLocal.ByInterfacePrefix("veth")))
        .isEqualTo(new LocalSource.FromInterfacePrefix("veth"));
  }

  @Test
  void primaryIsTheFirstNodeAddressOfTheFamily() {
    NodePortChoice primary = new NodePortChoice.Primary();
    assertThat(nodePorts(IpFamily.IPV4, primary, LOCAL, DUAL)).isEqualTo(only("192.168.0.2"));
    assertThat(nodePorts(IpFamily.IPV6, primary, LOCAL, DUAL)).isEqualTo(only("2001:db8::1"));
    assertThat(nodePorts(IpFamily.IPV4, primary, LOCAL))
        .isEqualTo(new NodePortAddresses.AllLocal());
    assertThat(
            nodePorts(
                IpFamily.IPV6,
                primary,
                LOCAL,
                node(PlanFixture.NODE).addresses("192.168.0.2").build()))
        .isEqualTo(new NodePortAddresses.AllLocal());
    assertThat(
            nodePorts(
                IpFamily.IPV4,
                primary,
                LOCAL,
                node(PlanFixture.NODE).addresses("127.0.0.1", "192.168.1.2").build()))
        .isEqualTo(only("192.168.1.2"));
  }

  @Test
  void primaryMustBeLocalIfLocalAddressesAreKnown() {
    NodePortChoice primary = new NodePortChoice.Primary();
    assertThat(nodePorts(IpFamily.IPV4, primary, PlanFixture.NO_FACTS, DUAL))
        .isEqualTo(only("192.168.0.2"));
    assertThat(nodePorts(IpFamily.IPV4, primary, facts("192.168.1.2"), DUAL)).isEqualTo(only());
  }

  @Test
  void cidrsChooseAmongLocalAddresses() {
    assertThat(nodePorts(IpFamily.IPV4, in("192.168.0.0/24"), LOCAL))
        .isEqualTo(only("192.168.0.2"));
    assertThat(nodePorts(IpFamily.IPV4, in("192.168.1.0/24", "192.168.0.0/16", "::/0"), LOCAL))
        .isEqualTo(only("192.168.0.2", "192.168.1.2"));
    assertThat(nodePorts(IpFamily.IPV6, in("192.168.0.0/24", "2001:db8:1::/48"), LOCAL))
        .isEqualTo(only("2001:db8:1::2"));
    assertThat(nodePorts(IpFamily.IPV4, in("8.8.0.0/16"), LOCAL)).isEqualTo(only());
    assertThat(nodePorts(IpFamily.IPV4, in("127.0.0.0/8"), LOCAL)).isEqualTo(only());
  }

  @Test
  void noCidrOfTheFamilyOrAllOfItMeansAll() {
    NodePortAddresses all = new NodePortAddresses.AllLocal();
    assertThat(nodePorts(IpFamily.IPV4, in(), LOCAL)).isEqualTo(all);
    assertThat(nodePorts(IpFamily.IPV6, in("192.168.0.0/24"), LOCAL)).isEqualTo(all);
    assertThat(nodePorts(IpFamily.IPV4, in("192.168.0.0/24", "0.0.0.0/0"), LOCAL)).isEqualTo(all);
    assertThat(nodePorts(IpFamily.IPV6, in("::/0"), LOCAL)).isEqualTo(all);
  }

  @Test
  void serviceCidrsAreSortedAndDisjoint() {
    NodeSettings settings =
        settings(
            IpFamily.IPV4,
            new DetectLocal.ByNodeCidr(),
            new NodePortChoice.Primary(),
            LOCAL,
            serviceCidr("a", "172.30.0.0/16", "fd00:172::/112"),
            serviceCidr("b", "10.96.0.0/12", "172.30.7.0/24"),
            serviceCidr("c", "172.30.0.0/16"));
    assertThat(settings.serviceCidrs()).isEqualTo(prefixes("10.96.0.0/12", "172.30.0.0/16"));
    assertThat(settings.masqueradeAll()).isTrue();
  }

  @Test
  void disjointKeepsNeighbours() {
    assertThat(Prefixes.disjoint(prefixes("10.0.1.0/24", "10.0.0.0/24", "10.0.0.0/25", "::/0")))
        .isEqualTo(prefixes("10.0.0.0/24", "10.0.1.0/24", "::/0"));
    assertThat(Prefixes.disjoint(List.of())).isEmpty();
  }

  @Test
  void bindAddressTakesThePlaceOfTheNodesAddressOfItsFamily() {
    PlanConfig config =
        new PlanConfig(
            IpFamily.IPV4,
            PlanFixture.NODE,
            false,
            new DetectLocal.ByNodeCidr(),
            new NodePortChoice.Primary(),
            true,
            Optional.of(IpAddress.of("192.168.1.2")));
    var snapshot = PlanFixture.snapshot(DUAL);
    assertThat(
            SettingsPlanner.plan(config, OwnNode.of(config, snapshot), snapshot, LOCAL)
                .nodePortAddresses())
        .isEqualTo(only("192.168.1.2"));
  }

  @Test
  void chosenLoopbackAddressesAreToldApart() {
    assertThat(loopback(in("127.0.0.0/8", "192.168.0.0/24"))).containsExactly("127.0.0.1");
    assertThat(loopback(in("192.168.0.0/24"))).isEmpty();
    assertThat(loopback(in("0.0.0.0/0"))).isEmpty();
    assertThat(loopback(in())).isEmpty();
    assertThat(loopback(new NodePortChoice.Primary())).isEmpty();
  }

  private static List<String> loopback(NodePortChoice choice) {
    return settings(IpFamily.IPV4, new DetectLocal.ByNodeCidr(), choice, LOCAL, DUAL)
        .loopbackNodePorts()
        .stream()
        .map(IpAddress::toString)
        .toList();
  }
}
