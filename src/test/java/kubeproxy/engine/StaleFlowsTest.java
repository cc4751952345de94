package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;
import kubeproxy.testing.FakeFlows;
import org.junit.jupiter.api.Test;

class StaleFlowsTest {
  private static final NodeFacts FACTS = new NodeFacts(List.of(IpAddress.of("192.0.2.1")));

  /// A Service with every kind of frontend on port 53, and one on TCP with the same addresses.
  private static final PlannedService DNS =
      service(
          "dns",
          port(
              Protocol.UDP,
              List.of("10.0.0.10:53", "198.51.100.1:53", "203.0.113.1:53", "node:30053"),
              List.of("10.1.0.1:5353", "10.1.0.2:5353")),
          port(Protocol.TCP, List.of("10.0.0.10:80"), List.of()));

  /// A Service without any serving endpoint.
  private static final PlannedService EMPTY =
      service("empty", port(Protocol.UDP, List.of("10.0.0.20:53", "node:30054"), List.of()));

  private static final NodePlan PLAN = plan(new NodePortAddresses.AllLocal(), DNS, EMPTY);

  private static Backend at(String text) {
    int colon = text.lastIndexOf(':');
    return new Backend(
        IpAddress.of(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  private static PlannedPort port(Protocol protocol, List<String> fronts, List<String> serving) {
    List<Frontend> frontends = new ArrayList<>();
    for (String front : fronts) {
      boolean node = front.startsWith("node:");
      Backend place = at(front.replace("node", "0.0.0.0"));
      frontends.add(
          new Frontend(
              node ? FrontendKind.NODE_PORT : FrontendKind.CLUSTER_IP,
              node ? null : place.address(),
              protocol,
              place.port(),
              new Treatment.Reject(),
              List.of()));
    }
    return new PlannedPort(
        new ServicePortName(key("any"), "", protocol),
        0,
        frontends,
        List.of(),
        serving.stream().map(StaleFlowsTest::at).toList());
  }

  private static PlannedService service(String name, PlannedPort... ports) {
    return new PlannedService(key(name), List.of(ports), List.of(), 0, 0);
  }

  private static NodePlan plan(NodePortAddresses addresses, PlannedService... services) {
    Map<ObjectKey, PlannedService> byKey = new HashMap<>();
    Arrays.stream(services).forEach(service -> byKey.put(service.key(), service));
    return new NodePlan(
        IpFamily.IPV4,
        new NodeSettings(false, new LocalSource.Unknown(), addresses, List.of()),
        PersistentMap.<ObjectKey, PlannedService>empty().with(byKey),
        PersistentMap.empty());
  }

  private static FakeFlows.Entry flow(String destination, String source) {
    Backend to = at(destination);
    Backend from = at(source);
    return new FakeFlows.Entry(0, to.address(), to.port(), from.address(), from.port());
  }

  @Test
  void flowsToServingEndpointsStayAndAllOthersOfTheServiceAreStale() {
    StaleFlows stale = new StaleFlows(PLAN, FACTS);
    List<String> frontends =
        List.of("10.0.0.10:53", "198.51.100.1:53", "203.0.113.1:53", "192.0.2.1:30053");
    for (String frontend : frontends) {
      assertThat(stale).as(frontend).rejects(flow(frontend, "10.1.0.1:5353"));
      assertThat(stale).rejects(flow(frontend, "10.1.0.2:5353"));
      assertThat(stale).as("gone endpoint").accepts(flow(frontend, "10.1.0.3:5353"));
      assertThat(stale).as("old target port").accepts(flow(frontend, "10.1.0.1:53"));
      assertThat(stale).as("not translated").accepts(flow(frontend, frontend));
    }
  }

  @Test
  void flowsOfOthersStay() {
    StaleFlows stale = new StaleFlows(PLAN, FACTS);
    assertThat(stale).as("other port").rejects(flow("10.0.0.10:54", "10.1.0.9:5353"));
    assertThat(stale).as("TCP port's number").rejects(flow("10.0.0.10:80", "10.1.0.9:5353"));
    assertThat(stale).as("other address").rejects(flow("10.0.0.11:53", "10.1.0.9:5353"));
    assertThat(stale).as("to a pod").rejects(flow("10.1.0.3:5353", "10.1.0.3:5353"));
    assertThat(stale)
        .as("a node port's number elsewhere")
        .rejects(flow("192.0.2.200:30053", "192.0.2.200:30053"));
  }

  @Test
  void withoutServingEndpointsFlowsAreLeftAlone() {
    StaleFlows stale = new StaleFlows(PLAN, FACTS);
    assertThat(stale).rejects(flow("10.0.0.20:53", "10.1.0.9:5353"));
    assertThat(stale).rejects(flow("192.0.2.1:30054", "10.1.0.9:5353"));
    assertThat(new StaleFlows(plan(new NodePortAddresses.AllLocal(), EMPTY), FACTS).isEmpty())
        .isTrue();
  }

  @Test
  void nodePortsAnswerOnChosenAddressesOnly() {
    NodePortAddresses only = new NodePortAddresses.Only(List.of(IpAddress.of("192.0.2.7")));
    StaleFlows stale = new StaleFlows(plan(only, DNS), FACTS);
    assertThat(stale).accepts(flow("192.0.2.7:30053", "10.1.0.9:5353"));
    assertThat(stale).rejects(flow("192.0.2.1:30053", "10.1.0.9:5353"));
  }

  @Test
  void onlyLostEndpointsAndNewFrontendsMakeFlowsStale() {
    List<String> front = List.of("10.0.0.10:53");
    PlannedService one = service("s", port(Protocol.UDP, front, List.of("10.1.0.1:53")));
    PlannedService two =
        service("s", port(Protocol.UDP, front, List.of("10.1.0.1:53", "10.1.0.2:53")));
    PlannedService none = service("s", port(Protocol.UDP, front, List.of()));
    PlannedService more =
        service(
            "s", port(Protocol.UDP, List.of("10.0.0.10:53", "node:3053"), List.of("10.1.0.1:53")));
    PlannedService tcp = service("s", port(Protocol.TCP, front, List.of()));

    assertThat(StaleFlows.canArise(one, two)).as("one more").isFalse();
    assertThat(StaleFlows.canArise(two, one)).as("one less").isTrue();
    assertThat(StaleFlows.canArise(none, one)).as("the first").isTrue();
    assertThat(StaleFlows.canArise(one, none)).as("the last").isFalse();
    assertThat(StaleFlows.canArise(null, one)).as("new Service").isTrue();
    assertThat(StaleFlows.canArise(one, null)).as("gone Service").isFalse();
    assertThat(StaleFlows.canArise(one, more)).as("new node port").isTrue();
    assertThat(StaleFlows.canArise(more, one)).as("gone node port").isFalse();
    assertThat(StaleFlows.canArise(tcp, tcp)).isFalse();
    assertThat(StaleFlows.canArise(tcp, one)).isTrue();
  }

  @Test
  void aMillionFlowsAreJudgedQuickly() {
    List<PlannedService> services = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      List<String> serving = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        serving.add("10." + (64 + i / 250) + "." + i % 250 + "." + j + ":5353");
      }
      String ip = "10." + i / 250 + "." + i % 250 + ".1";
      services.add(service("s" + i, port(Protocol.UDP, List.of(ip + ":53"), serving)));
    }
    NodePlan plan = plan(new NodePortAddresses.AllLocal(), services.toArray(PlannedService[]::new));
    long start = System.nanoTime();
    StaleFlows stale = new StaleFlows(plan, FACTS);
    long built = System.nanoTime();
    int found = 0;
    for (int n = 0; n < 1_000_000; n++) {
      int i = n % 10_000;
      Backend to = services.get(i).ports().getFirst().serving().get(n % 10);
      IpAddress front = services.get(i).ports().getFirst().frontends().getFirst().address();
      int port = n % 100 == 0 ? 1 : to.port();
      found +=
          stale.test(new FakeFlows.Entry(n, Objects.requireNonNull(front), 53, to.address(), port))
              ? 1
              : 0;
    }
    long judged = System.nanoTime();
    System.out.printf(
        "10,000 UDP Services: %d ms to index; 1,000,000 flows: %d ms%n",
        (built - start) / 1_000_000, (judged - built) / 1_000_000);
    assertThat(found).isEqualTo(10_000);
  }
}
