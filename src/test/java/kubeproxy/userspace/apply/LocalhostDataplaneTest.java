package kubeproxy.userspace.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.FakeRelay;
import kubeproxy.testing.FakeRelay.Place;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

/// Node ports on loopback addresses beside a mode that has none.
class LocalhostDataplaneTest {
  private static final ObjectKey WEB = Objects.key("ns/web");
  private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");
  private static final Backend ENDPOINT = new Backend(IpAddress.of("10.1.0.1"), 8080);
  private static final Place PLACE = new Place(Protocol.TCP, LOCALHOST, 30080);

  private final FakeRelay relay = new FakeRelay();
  private final FakeKernel kernel = new FakeKernel(IpFamily.IPV4);
  private final LocalhostDataplane dataplane =
      new LocalhostDataplane(new FakeDataplane(kernel), relay);

  private static NodeSettings settings(NodePortAddresses addresses, IpAddress... loopback) {
    return new NodeSettings(
        false, new LocalSource.Unknown(), addresses, List.of(loopback), List.of());
  }

  private static final NodeSettings EVERYWHERE = settings(new NodePortAddresses.AllLocal());

  private static PlannedService web(Treatment treatment) {
    ServicePortName name = new ServicePortName(WEB, "p", Protocol.TCP);
    Frontend nodePort =
        new Frontend(FrontendKind.NODE_PORT, null, Protocol.TCP, 30080, treatment, List.of());
    PlannedPort port = new PlannedPort(name, 0, List.of(nodePort), List.of(), List.of());
    return new PlannedService(WEB, List.of(port), List.of(), 0, 0);
  }

  private void sync(boolean observe, NodeSettings settings, PlannedService... services) {
    Map<ObjectKey, PlannedService> byKey = new HashMap<>();
    for (PlannedService service : services) {
      byKey.put(service.key(), service);
    }
    NodePlan plan =
        new NodePlan(
            IpFamily.IPV4,
            settings,
            PersistentMap.<ObjectKey, PlannedService>empty().with(byKey),
            PersistentMap.empty());
    PlanDelta delta = new PlanDelta(Set.of(WEB), true);
    assertThat(dataplane.sync(new SyncRequest(plan, delta, observe, Set.of())))
        .isInstanceOf(Applied.class);
  }

  @Test
  void listensWhileTheServiceHasEndpoints() {
    Pool pool = new Pool(List.of(ENDPOINT));
    sync(true, EVERYWHERE, web(new Treatment.ExternalCluster(pool)));
    assertThat(relay.backends(PLACE)).containsExactly(ENDPOINT);
    assertThat(kernel.services()).containsOnlyKeys(WEB);

    sync(false, EVERYWHERE, web(new Treatment.Reject()));
    assertThat(relay.listeners()).isEmpty();

    // The client is the node itself, which may use any endpoint.
    sync(false, EVERYWHERE, web(new Treatment.ExternalLocal(Pool.EMPTY, pool)));
    assertThat(relay.backends(PLACE)).containsExactly(ENDPOINT);

    sync(false, EVERYWHERE);
    assertThat(relay.openPorts()).isZero();
  }

  @Test
  void anEndpointOnALoopbackAddressIsNone() {
    Backend self = new Backend(LOCALHOST, 30080);
    Pool pool = new Pool(List.of(ENDPOINT, self));
    sync(true, EVERYWHERE, web(new Treatment.ExternalCluster(pool)));
    assertThat(relay.backends(PLACE)).containsExactly(ENDPOINT);
  }

  @Test
  void listensOnTheChosenLoopbackAddressesOnly() {
    PlannedService web = web(new Treatment.ExternalCluster(new Pool(List.of(ENDPOINT))));
    List<IpAddress> node = List.of(IpAddress.of("192.168.0.2"));
    sync(true, settings(new NodePortAddresses.Only(node)), web);
    assertThat(relay.listeners()).isEmpty();

    IpAddress second = IpAddress.of("127.0.0.2");
    sync(false, settings(new NodePortAddresses.Only(node), second), web);
    assertThat(relay.listeners()).containsOnlyKeys(new Place(Protocol.TCP, second, 30080));

    sync(false, EVERYWHERE, web);
    assertThat(relay.listeners()).containsOnlyKeys(PLACE);
  }

  @Test
  void aPortThatAnotherProcessHasHoldsNothingUp() {
    relay.occupy(PLACE);
    PlannedService web = web(new Treatment.ExternalCluster(new Pool(List.of(ENDPOINT))));
    sync(true, EVERYWHERE, web);
    assertThat(kernel.services()).containsOnlyKeys(WEB);
    assertThat(dataplane.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.reason()).isEqualTo(Problem.Reason.NODE_PORT_CONFLICT));
    assertThat(dataplane.conflicts()).isEqualTo(1);

    relay.vacate(PLACE);
    sync(true, EVERYWHERE, web);
    assertThat(dataplane.problems()).isEmpty();
    assertThat(relay.backends(PLACE)).containsExactly(ENDPOINT);
  }
}
