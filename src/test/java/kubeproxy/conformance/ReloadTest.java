package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict;
import kubeproxy.testing.net.Verdict.Reached;
import kubeproxy.testing.scenario.Scenario.NodeOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A configuration that changes under traffic.
@Tag("kernel")
class ReloadTest {
  private static final IpAddress SECOND_ADDRESS = IpAddress.of("192.168.1.2");
  private static final int NODE_PORT = 30080;

  /// Connections before, between and after.
  private static final int CONNECTIONS_EACH = 100;

  private static final NodePortChoice ALL_ADDRESSES = new NodePortChoice.InCidrs(List.of());

  private static final NodePortChoice FIRST_ADDRESS =
      new NodePortChoice.InCidrs(List.of(IpPrefix.of("192.168.0.0/24")));

  private static final NodeOptions PODS_BY_CIDR =
      options(
          false, new DetectLocal.ByClusterCidr(List.of(IpPrefix.of("10.0.0.0/16"))), ALL_ADDRESSES);

  private final TestNode node = new TestNode();

  private static NodeOptions options(
      boolean masqueradeAll, DetectLocal detectLocal, NodePortChoice nodePorts) {
    return new NodeOptions(masqueradeAll, detectLocal, nodePorts, List.of());
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void noConnectionFailsWhileEverySettingChanges() throws Exception {
    try (ProxyUnderTest proxy = node.startProxy();
        Flow connection = node.open(TestNode.POD, TestNode.WEB);
        TightLoop client = new TightLoop(node)) {
      Verdict endpoint = connection.ask(TestNode.PATIENCE);
      Verdict remembered = node.connect(TestNode.POD, TestNode.STICKY);
      List<Element> clients = clients();
      assertThat(clients).hasSize(1);
      assertThat(isSourceKept(TestNode.POD)).isTrue();
      client.awaitMore(CONNECTIONS_EACH);

      DetectLocal byNode = TestNode.OPTIONS.detectLocal();
      proxy.reconfigure(options(true, byNode, FIRST_ADDRESS));
      assertThat(nodePort(SECOND_ADDRESS)).isNotInstanceOf(Reached.class);
      assertThat(isSourceKept(TestNode.POD)).as("masquerade all").isFalse();
      client.awaitMore(CONNECTIONS_EACH);

      proxy.reconfigure(options(true, byNode, ALL_ADDRESSES));
      assertThat(nodePort(SECOND_ADDRESS)).isInstanceOf(Reached.class);
      client.awaitMore(CONNECTIONS_EACH);

      proxy.reconfigure(PODS_BY_CIDR);
      assertThat(isSourceKept(TestNode.POD)).as("from a pod").isTrue();
      assertThat(isSourceKept(TestNode.OUTSIDE)).as("from outside").isFalse();
      client.awaitMore(CONNECTIONS_EACH);

      assertThat(client.failures()).isEmpty();
      assertThat(proxy.troubles()).isEmpty();
      assertThat(connection.ask(TestNode.PATIENCE)).as("established").isEqualTo(endpoint);
      assertThat(clients()).isEqualTo(clients);
      assertThat(endpointOf(node.connect(TestNode.POD, TestNode.STICKY)))
          .isEqualTo(endpointOf(remembered));
    }
    try (ProxyUnderTest fresh =
        ProxyUnderTest.start(NftablesMode.OPENER, node.namespace(), PODS_BY_CIDR)) {
      fresh.apply(TestNode.documents());
      for (IpFamily family : IpFamily.values()) {
        assertThat(fresh.operations(family)).as("left to do for a new process").isZero();
      }
    }
  }

  @Test
  void aConfigurationThatIsTheSameWritesNothing() throws Exception {
    try (ProxyUnderTest proxy = node.startProxy()) {
      int before = proxy.operations(IpFamily.IPV4);
      proxy.reconfigure(TestNode.OPTIONS);
      assertThat(proxy.operations(IpFamily.IPV4)).isEqualTo(before);
    }
  }

  private List<Element> clients() throws Exception {
    return KernelTables.learned(node.namespace(), IpFamily.IPV4, NamedSet.AFFINITY);
  }

  private Verdict nodePort(IpAddress address) {
    return node.connectToPort(TestNode.OUTSIDE, address, NODE_PORT, Traffic.FOR_A_RESET);
  }

  private boolean isSourceKept(IpAddress source) {
    return node.connect(source, TestNode.WEB) instanceof Reached reached
        && reached.source().equals(source);
  }

  private static IpAddress endpointOf(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Reached.class);
    return ((Reached) verdict).endpoint();
  }
}
