package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict.Reached;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The process in userspace mode, as an operator has it.
@Tag("kernel")
@Timeout(180)
class UserspaceProcessTest {
  private static final IpAddress NODE_ADDRESS = IpAddress.of("192.168.0.2");
  private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");
  private static final IpAddress NODE_GATEWAY = IpAddress.of("10.0.0.1");
  private static final int NODE_PORT = 30080;
  private static final String DNS =
      """
      apiVersion: v1
      kind: Service
      metadata: {namespace: ns1, name: dns}
      spec:
        clusterIP: 172.30.0.44
        ports: [{name: dns, port: 53, protocol: UDP}]
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        namespace: ns1
        name: dns
        labels: {kubernetes.io/service-name: dns}
      addressType: IPv4
      ports: [{name: dns, port: 53, protocol: UDP}]
      endpoints:
      - addresses: [10.180.0.1]
      ---
      """;

  private final TestNode node = new TestNode();

  @TempDir Path folder;
  private Path services = Path.of("");

  @BeforeEach
  void write() throws IOException {
    Path manifests = Files.createDirectory(folder.resolve("manifests"));
    services = manifests.resolve("services.yaml");
    Files.writeString(services, String.join("---\n", TestNode.documents()));
  }

  @AfterEach
  void close() throws Exception {
    try (ProxyProcess cleanup = ProxyProcess.start(node.namespace(), folder, "--cleanup")) {
      assertThat(cleanup.awaitExit()).as(cleanup.log()).isZero();
    }
    node.close();
  }

  private ProxyProcess start(String... flags) throws IOException {
    return ProxyProcess.start(node.namespace(), folder, arguments(flags));
  }

  private String[] arguments(String... flags) {
    var all =
        new ArrayList<>(
            List.of(
                "--proxy-mode=userspace",
                "--manifests=" + services.getParent(),
                "--hostname-override=node",
                "--conntrack-max-per-core=0",
                "--v=2"));
    all.addAll(List.of(flags));
    return all.toArray(String[]::new);
  }

  private boolean answersAt(IpAddress source, IpAddress address) {
    return TestNode.isEndpoint(node.connectToPort(source, address, NODE_PORT, Traffic.FOR_A_RESET));
  }

  @Test
  void whatPassesThroughIsInTheMetricsByService() throws Exception {
    try (ProxyProcess proxy = start()) {
      proxy.await("the Service", () -> node.isServed(TestNode.POD, TestNode.WEB));
      assertThat(answersAt(TestNode.OUTSIDE, NODE_ADDRESS)).as("node port").isTrue();
      assertThat(answersAt(LOCALHOST, LOCALHOST)).as("node port on localhost").isTrue();
      String labels = "{namespace=\"ns1\",port=\"http\",protocol=\"TCP\",service=\"%s\"";
      proxy.awaitMetric(
          "kubeproxy_relay_connections_total" + labels.formatted("balanced") + "} 2.0");
      assertThat(proxy.get("/metrics"))
          .containsPattern(
              "kubeproxy_relay_bytes_total\\{direction=\"out\",.*service=\"balanced\"} [1-9]")
          .contains("kubeproxy_relay_active" + labels.formatted("sticky") + "} 0.0")
          .contains("kubeproxy_relay_conflicts 0.0")
          .contains("kubeproxy_relay_use{resource=\"udp_flows\"} 0.0");
      assertThat(proxy.log()).contains("Using iptables");
    }
  }

  @Test
  void withoutIptablesTheRulesAreOfNfTablesAndNoLeftovers() throws Exception {
    try (ProxyProcess proxy =
        ProxyProcess.startWithoutPrograms(node.namespace(), folder, arguments())) {
      proxy.await("the Service", () -> node.isServed(TestNode.POD, TestNode.WEB));
      proxy.awaitLog("Using nf_tables for lack of iptables");
      assertThat(node.namespace().exec("nft", "list", "tables")).contains("ip kube-proxy");
      assertThat(proxy.log()).doesNotContain("Removed what a proxy left");
    }
  }

  @Test
  void rulesThatOthersRemoveComeBackAndLeadToTheSameListeners() throws Exception {
    try (ProxyProcess proxy =
        ProxyProcess.startWithoutPrograms(node.namespace(), folder, arguments())) {
      proxy.await("the Service", () -> node.isServed(TestNode.POD, TestNode.WEB));
      try (var flow = node.open(TestNode.POD, TestNode.WEB)) {
        var before = flow.ask(TestNode.PATIENCE);
        assertThat(before).isInstanceOf(Reached.class);
        node.nft("delete table ip kube-proxy");
        proxy.awaitLog("Somebody else changed our rules");
        proxy.await("the Service again", () -> node.isServed(TestNode.POD, TestNode.WEB));
        assertThat(flow.ask(TestNode.PATIENCE)).isEqualTo(before);
      }
    }
  }

  @Test
  void aNodePortThatAnotherProcessHasIsSaidAndTheRestIsServed() throws Exception {
    try (var other = new Traffic(Topology.get())) {
      other.serve(LOCALHOST, NODE_PORT, Protocol.TCP);
      try (ProxyProcess proxy = start()) {
        proxy.awaitMetric("kubeproxy_relay_conflicts 1.0");
        proxy.awaitMetric("kubeproxy_problems{reason=\"node_port_conflict\"} 1.0");
        proxy.awaitLog("another process listens there; not served on loopback addresses");
        assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
        assertThat(answersAt(TestNode.OUTSIDE, NODE_ADDRESS)).as("node port").isTrue();
        assertThat(node.connectToPort(LOCALHOST, LOCALHOST, NODE_PORT, Traffic.FOR_AN_ANSWER))
            .isInstanceOf(Reached.class);
        assertThat(answersAt(LOCALHOST, LOCALHOST)).as("the other process").isFalse();
      }
    }
  }

  @Test
  void aServiceThatThereIsNoPortForIsNamedAndServedWhenAnotherGoes() throws Exception {
    try (ProxyProcess proxy = start("--proxy-port-range=20000-20001")) {
      // In the order of the alphabet web is the one too many, in IPv4; in IPv6 it is alone.
      proxy.await("the Service", () -> node.isServed(TestNode.POD, TestNode.BALANCED));
      proxy.awaitLog("(--proxy-port-range) are taken");
      assertThat(proxy.log().lines())
          .anyMatch(line -> line.contains("--proxy-port-range") && line.contains("ns1/web"));
      Files.writeString(services, String.join("---\n", TestNode.documents().subList(0, 5)));
      proxy.await("the other Service", () -> node.isServed(TestNode.POD, TestNode.WEB));
    }
  }

  @Test
  void listensWhereTheFlagsSayAndKeepsFlowsForAsLong() throws Exception {
    IpAddress endpoint = IpAddress.of("10.180.0.1");
    IpAddress dns = IpAddress.of("172.30.0.44");
    Files.writeString(services, DNS + Files.readString(services));
    try (var traffic = new Traffic(Topology.get());
        ProxyProcess proxy =
            start(
                "--bind-address=" + NODE_GATEWAY,
                "--proxy-port-range=20100+40",
                "--udp-timeout=1h")) {
      traffic.serve(endpoint, 53, Protocol.UDP);
      proxy.await("the Service", () -> node.isServed(TestNode.POD, TestNode.WEB));
      assertThat(traffic.ask(TestNode.POD, dns, 53, Protocol.UDP, TestNode.PATIENCE))
          .isInstanceOf(Reached.class);
      String listening = node.namespace().exec("ss", "-Hltun", "sport >= :20100");
      assertThat(listening.lines().filter(line -> line.contains(NODE_GATEWAY + ":")))
          .as(listening)
          .hasSize(4)
          .allMatch(line -> line.contains(NODE_GATEWAY + ":201"));
      // Twice the default: a flow that is forgotten too early has been by then.
      Thread.sleep(500);
      proxy.awaitMetric("kubeproxy_relay_use{resource=\"udp_flows\"} 1.0");
    }
  }

  @Test
  void refusesToLeadPacketsToLocalhost() throws Exception {
    try (ProxyProcess proxy = start("--bind-address=127.0.0.1")) {
      assertThat(proxy.awaitExit()).isEqualTo(1);
      assertThat(proxy.log()).contains("cannot proxy on localhost", "--bind-address=127.0.0.1");
    }
  }

  @Test
  void connectionsOutliveTheirEndpointAndNewOnesGoElsewhere() throws Exception {
    try (ProxyProcess proxy = start()) {
      proxy.await("the Service", () -> node.isServed(TestNode.POD, TestNode.STICKY));
      try (var flow = node.open(TestNode.POD, TestNode.STICKY)) {
        assertThat(flow.ask(TestNode.PATIENCE)).isInstanceOf(Reached.class);
        Reached first = (Reached) flow.ask(TestNode.PATIENCE);
        String endpoint = first.endpoint().toString();
        String other = endpoint.equals("10.180.0.1") ? "10.180.1.1" : "10.180.0.1";
        Files.writeString(
            services, Files.readString(services).replace("[" + endpoint + "]", "[" + other + "]"));
        proxy.await(
            "another endpoint",
            () ->
                node.connect(TestNode.POD, TestNode.STICKY) instanceof Reached reached
                    && reached.endpoint().toString().equals(other));
        assertThat(flow.ask(TestNode.PATIENCE)).isEqualTo(first);
      }
    }
  }
}
