package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.FakeApiServer;
import kubeproxy.testing.api.KubeconfigFile;
import kubeproxy.testing.api.LiveApi;
import kubeproxy.testing.api.ObjectStore;
import kubeproxy.testing.api.Tree;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict.Reached;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The process with an API server: what changes of our Node is in force without a restart, and a
/// server that is away changes nothing.
@Tag("kernel")
@Timeout(180)
class ApiServerTest {
  private static final String FIRST_ADDRESS = "192.168.0.2";
  private static final String SECOND_ADDRESS = "192.168.1.2";
  private static final int NODE_PORT = 30080;
  private static final IpAddress ZONED = IpAddress.of("172.30.0.44");

  private static final String ZONED_SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {namespace: ns1, name: zoned}
      spec:
        clusterIP: 172.30.0.44
        ports: [{name: http, port: 80}]
      """;

  private static final String ZONED_ENDPOINTS =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        namespace: ns1
        name: zoned-1
        labels: {kubernetes.io/service-name: zoned}
      addressType: IPv4
      ports: [{name: http, port: 80}]
      endpoints:
      - {addresses: [10.180.0.1], zone: a, hints: {forZones: [{name: a}]}}
      - {addresses: [10.180.1.1], zone: b, hints: {forZones: [{name: b}]}}
      """;

  private final TestNode node = new TestNode();
  private final ObjectStore objects = new ObjectStore();

  @TempDir Path folder;

  @BeforeEach
  void fill() {
    List<String> documents = new ArrayList<>(TestNode.documents());
    documents.add(ZONED_SERVICE);
    documents.add(ZONED_ENDPOINTS);
    documents.forEach(document -> objects.put(Tree.ofYaml(document).getFirst()));
    putNode(FIRST_ADDRESS, "a", "");
  }

  @AfterEach
  void close() {
    node.close();
  }

  /// @param traits further lines of YAML
  private void putNode(String address, String zone, String traits) {
    objects.put(
        Tree.ofYaml(
                """
                apiVersion: v1
                kind: Node
                metadata:
                  name: node
                  labels: {topology.kubernetes.io/zone: %s}
                status: {addresses: [{type: InternalIP, address: %s}]}
                %s
                """
                    .formatted(zone, address, traits))
            .getFirst());
  }

  private FakeApiServer startServer() throws Exception {
    FakeApiServer server = node.namespace().run(() -> FakeApiServer.start(new LiveApi(objects)));
    KubeconfigFile.write(folder.resolve("kubeconfig"), server.address(), "");
    return server;
  }

  private ProxyProcess startProxy() throws Exception {
    return startProxy("WatchListClient=true");
  }

  private ProxyProcess startProxy(String gates) throws Exception {
    ProxyProcess proxy =
        ProxyProcess.start(
            node.namespace(),
            folder,
            "--kubeconfig=" + folder.resolve("kubeconfig"),
            "--proxy-mode=nftables",
            "--hostname-override=node",
            "--feature-gates=" + gates,
            "--iptables-min-sync-period=0s",
            "--conntrack-max-per-core=0");
    proxy.await("health", () -> proxy.health("/healthz") == 200);
    node.forgetConnections();
    return proxy;
  }

  private boolean hasNodePort(String address) {
    return node.connectToPort(
            TestNode.OUTSIDE, IpAddress.of(address), NODE_PORT, Traffic.FOR_A_RESET)
        instanceof Reached;
  }

  @Test
  void nodePortsFollowTheAddressOfTheNode() throws Exception {
    try (FakeApiServer _ = startServer();
        ProxyProcess proxy = startProxy()) {
      proxy.await("node port", () -> hasNodePort(FIRST_ADDRESS));
      assertThat(hasNodePort(SECOND_ADDRESS)).isFalse();
      putNode(SECOND_ADDRESS, "a", "");
      proxy.await("node port on the new address", () -> hasNodePort(SECOND_ADDRESS));
      assertThat(hasNodePort(FIRST_ADDRESS)).isFalse();
    }
  }

  private boolean isServedBy(String endpoint) {
    return node.connect(TestNode.POD, ZONED) instanceof Reached reached
        && reached.endpoint().equals(IpAddress.of(endpoint));
  }

  @Test
  void trafficFollowsTheZoneOfTheNode() throws Exception {
    try (FakeApiServer _ = startServer();
        ProxyProcess proxy = startProxy()) {
      proxy.await("the endpoint of zone a", () -> isServedBy("10.180.0.1"));
      putNode(FIRST_ADDRESS, "b", "");
      proxy.await("the endpoint of zone b", () -> isServedBy("10.180.1.1"));
      for (int i = 0; i < 10; i++) {
        assertThat(isServedBy("10.180.1.1")).isTrue();
      }
    }
  }

  @Test
  void aNodeThatIsToGoGetsNoMoreTraffic() throws Exception {
    try (FakeApiServer _ = startServer();
        ProxyProcess proxy = startProxy()) {
      putNode(
          FIRST_ADDRESS,
          "a",
          "spec: {taints: [{key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule}]}");
      proxy.await("no health", () -> proxy.health("/healthz") == 503);
      assertThat(proxy.health("/livez")).isEqualTo(200);
      putNode(FIRST_ADDRESS, "a", "spec: {taints: [{key: other, effect: NoSchedule}]}");
      proxy.await("health", () -> proxy.health("/healthz") == 200);
    }
  }

  @Test
  void streamingListsCanBeTurnedOff() throws Exception {
    try (FakeApiServer server = startServer();
        ProxyProcess _ = startProxy("WatchListClient=false")) {
      assertThat(server.calls().of(ApiCall::isWatchList)).isEmpty();
    }
    try (FakeApiServer server = startServer();
        ProxyProcess _ = startProxy()) {
      assertThat(server.calls().of(ApiCall::isWatchList)).isNotEmpty();
    }
  }

  @Test
  void withTheServerAwayTheLastStateStaysAndItsAgeIsTold() throws Exception {
    try (FakeApiServer server = startServer();
        ProxyProcess proxy = startProxy()) {
      proxy.awaitMetric("kubeproxy_source_connected{kind=\"service\"} 1.0");
      assertThat(proxy.readiness()).contains("\"service\":{\"connected\":true,\"silentSeconds\":");
      server.stopListening();
      proxy.awaitMetric("kubeproxy_source_connected{kind=\"service\"} 0.0");
      assertThat(proxy.readiness()).contains("\"service\":{\"connected\":false,\"silentSeconds\":");
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      assertThat(proxy.health("/healthz")).isEqualTo(200);
      putNode(FIRST_ADDRESS, "b", "");
      node.namespace()
          .run(() -> {
            server.listenAgain();
            return null;
          });
      proxy.await("the endpoint of zone b", () -> isServedBy("10.180.1.1"));
    }
  }
}
