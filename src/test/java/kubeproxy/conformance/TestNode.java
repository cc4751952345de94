package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import kubeproxy.app.ModeOpener;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.TrackedConnections;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict;
import kubeproxy.testing.scenario.Scenario.NodeOptions;

/// The node of the topology with a few Services, for tests that are about more than packets.
/// Removes everything at the end.
final class TestNode implements AutoCloseable {

  /// Far more than anything here takes.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  static final IpAddress POD = IpAddress.of("10.0.0.2");
  static final IpAddress OUTSIDE = IpAddress.of("203.0.113.2");
  static final IpAddress WEB = IpAddress.of("172.30.0.41");
  static final IpAddress STICKY = IpAddress.of("172.30.0.42");
  static final IpAddress BALANCED = IpAddress.of("172.30.0.43");
  static final IpAddress BALANCER = IpAddress.of("1.2.3.4");
  static final IpAddress WEB6 = IpAddress.of("fd00:172:30::41");
  static final IpAddress POD6 = IpAddress.of("fd00:10::2");

  private static final List<IpAddress> ENDPOINTS =
      Stream.of("10.180.0.1", "10.180.1.1", "fd00:10:180::1").map(IpAddress::of).toList();

  private static final int PORT = 80;

  static final NodeOptions OPTIONS =
      new NodeOptions(false, new DetectLocal.ByNodeCidr(), new NodePortChoice.Primary(), List.of());

  private final Topology topology = Topology.get();
  private final Traffic traffic = new Traffic(topology);

  TestNode() {
    ENDPOINTS.forEach(endpoint -> traffic.serve(endpoint, PORT, Protocol.TCP));
  }

  NetworkNamespace namespace() {
    return topology.node();
  }

  /// Starts a proxy that carries out [#documents].
  ProxyUnderTest startProxy() throws Exception {
    return startProxy(NftablesMode.OPENER);
  }

  /// Starts a proxy of some mode that carries out [#documents].
  ProxyUnderTest startProxy(ModeOpener mode) throws Exception {
    ProxyUnderTest proxy = ProxyUnderTest.start(mode, namespace(), OPTIONS);
    try {
      proxy.apply(documents());
    } catch (Exception | Error e) {
      proxy.close();
      throw e;
    }
    return proxy;
  }

  /// A Service of both families, one with session affinity, and a load balancer.
  static List<String> documents() {
    return List.of(
        """
        apiVersion: v1
        kind: Service
        metadata: {namespace: ns1, name: web}
        spec:
          clusterIP: 172.30.0.41
          clusterIPs: [172.30.0.41, "fd00:172:30::41"]
          ipFamilies: [IPv4, IPv6]
          ports: [{name: http, port: 80}]
        """,
        slice("web", "IPv4", "10.180.0.1", "10.180.1.1"),
        slice("web", "IPv6", "\"fd00:10:180::1\""),
        """
        apiVersion: v1
        kind: Service
        metadata: {namespace: ns1, name: sticky}
        spec:
          clusterIP: 172.30.0.42
          sessionAffinity: ClientIP
          ports: [{name: http, port: 80}]
        """,
        slice("sticky", "IPv4", "10.180.0.1", "10.180.1.1"),
        """
        apiVersion: v1
        kind: Service
        metadata: {namespace: ns1, name: balanced}
        spec:
          type: LoadBalancer
          clusterIP: 172.30.0.43
          ports: [{name: http, port: 80, nodePort: 30080}]
          loadBalancerSourceRanges: [203.0.113.0/25]
        status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}
        """,
        slice("balanced", "IPv4", "10.180.0.1"));
  }

  private static String slice(String service, String addressType, String... endpoints) {
    var text =
        new StringBuilder(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              namespace: ns1
              name: %1$s-%2$s
              labels: {kubernetes.io/service-name: %1$s}
            addressType: %2$s
            ports: [{name: http, port: 80}]
            endpoints:
            """
                .formatted(service, addressType));
    for (String endpoint : endpoints) {
      text.append("- addresses: [").append(endpoint).append("]\n");
    }
    return text.toString();
  }

  /// One connection.
  Verdict connect(IpAddress source, IpAddress destination) {
    return traffic.ask(source, destination, PORT, Protocol.TCP, PATIENCE);
  }

  /// Whether a connection reaches an endpoint.
  boolean isServed(IpAddress source, IpAddress service) {
    return isEndpoint(connect(source, service));
  }

  /// Whether an endpoint answered. Untranslated, a packet reaches a server too, which reports the
  /// address of the Service.
  static boolean isEndpoint(Verdict verdict) {
    return verdict instanceof Verdict.Reached reached && ENDPOINTS.contains(reached.endpoint());
  }

  /// One connection to a node port.
  Verdict connectToPort(IpAddress source, IpAddress destination, int port, Duration patience) {
    return traffic.ask(source, destination, port, Protocol.TCP, patience);
  }

  /// A connection that stays open.
  Flow open(IpAddress source, IpAddress destination) {
    return traffic.open(source, destination, PORT, Protocol.TCP);
  }

  /// Forgets all tracked connections. Those that went untranslated before a proxy was ready lead
  /// whoever happens to get the same port the same way.
  void forgetConnections() {
    TrackedConnections.forget(namespace());
  }

  /// Runs the `nft` tool with a script.
  void nft(String script) {
    namespace().execWithInput(script, "nft", "-f", "-");
  }

  /// Fails if the tool cannot list what is installed or a new process would change it.
  void expectNothingToRepair() throws Exception {
    expectNothingToRepair(List.of(IpFamily.values()));
  }

  /// As [#expectNothingToRepair()], for these families only; afterwards all are installed.
  void expectNothingToRepair(List<IpFamily> families) throws Exception {
    namespace().exec("nft", "list", "ruleset");
    try (ProxyUnderTest another = startProxy()) {
      for (IpFamily family : families) {
        assertThat(another.operations(family)).as("operations, %s", family).isZero();
      }
    }
  }

  /// Waits until it is so, for longer than the condition may wait for one answer.
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(ProxyProcess.PATIENCE.toNanos());
      Thread.sleep(1);
    }
  }

  @Override
  public void close() {
    traffic.close();
    namespace().exec("nft", "flush", "ruleset");
    forgetConnections();
  }
}
