package kubeproxy.userspace.apply;

import static kubeproxy.testing.Objects.on;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncOutcome.Rejected;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServiceType;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.PortChoice;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.FakeRelay;
import kubeproxy.testing.FakeRelay.Place;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SyncFixture;
import org.junit.jupiter.api.Test;

/// What is listened on, what rules lead there, and what is said about the rest.
class UserspaceDataplaneTest extends SyncFixture {
  private static final ObjectKey WEB = Objects.key("ns/web");
  private static final ObjectKey DNS = Objects.key("ns/dns");
  private static final IpAddress NODE = IpAddress.of("192.168.0.2");
  private static final IpAddress ANY = IpAddress.of("0.0.0.0");
  private static final int NODE_PORT = 30080;

  private final FakeRelay relay = new FakeRelay();
  private final FakeKernel kernel = new FakeKernel(IpFamily.IPV4);
  private HostAddresses host = new HostAddresses(NODE, List.of(NODE));
  private UserspaceDataplane dataplane = behindRules(new PortChoice.AnyFree());

  private UserspaceDataplane behindRules(PortChoice ports) {
    return new UserspaceDataplane(
        IpFamily.IPV4, relay, () -> host, ports, Optional.of(new FakeDataplane(kernel)));
  }

  private UserspaceDataplane alone() {
    return new UserspaceDataplane(
        IpFamily.IPV4, relay, () -> host, new PortChoice.AnyFree(), Optional.empty());
  }

  @Override
  protected Dataplane dataplane() {
    return dataplane;
  }

  private void delete(ObjectKey service) {
    apply(new ClusterDelta(Map.of(new ObjectId(Kind.SERVICE, service), Optional.empty())));
  }

  private void putWeb(String... endpoints) {
    put(
        Objects.service("ns/web")
            .type(ServiceType.NODE_PORT)
            .clusterIp("172.30.0.1")
            .port("p", Protocol.TCP, 80, NODE_PORT)
            .build(),
        Objects.slice("ns/web").port("p", 8080).endpoints(endpoints).build());
  }

  private void putDns(Protocol protocol, String... endpoints) {
    put(
        Objects.service("ns/dns").clusterIp("172.30.0.2").port("p", protocol, 53).build(),
        Objects.slice("ns/dns").port("p", protocol, 53).endpoints(endpoints).build());
  }

  @Override
  protected SyncOutcome sync(boolean observe, ObjectKey... setAside) {
    Set<ObjectKey> services = new HashSet<>(planned.delta().services());
    services.removeAll(Set.of(setAside));
    PlanDelta delta = new PlanDelta(services, planned.delta().settings());
    return dataplane.sync(new SyncRequest(planned.plan(), delta, observe, Set.of(setAside)));
  }

  /// Where the rules lead what is sent to the cluster IP.
  private Place portal(ObjectKey key, Protocol protocol) {
    PlannedService service = kernel.services().get(key);
    assertThat(service).as("rules of %s", key).isNotNull();
    Frontend frontend = service.ports().getFirst().frontends().getFirst();
    assertThat(frontend.treatment()).isInstanceOf(Treatment.Internal.class);
    Pool pool = ((Treatment.Internal) frontend.treatment()).pool();
    assertThat(pool.size()).isEqualTo(1);
    Backend backend = pool.backends().getFirst();
    return new Place(protocol, backend.address(), backend.port());
  }

  private static List<Backend> backends(int port, String... addresses) {
    return List.of(addresses).stream()
        .map(address -> new Backend(IpAddress.of(address), port))
        .toList();
  }

  @Test
  void rulesLeadToListenersThatLeadToEndpoints() {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    Place portal = portal(WEB, Protocol.TCP);
    assertThat(portal.address()).isEqualTo(NODE);
    assertThat(relay.backends(portal)).isEqualTo(backends(8080, "10.1.0.1", "10.1.0.2"));
    // The node port is held on all addresses, where loopback ones are answered.
    assertThat(relay.backends(new Place(Protocol.TCP, ANY, NODE_PORT)))
        .isEqualTo(backends(8080, "10.1.0.1", "10.1.0.2"));

    putWeb("10.1.0.2");
    sync(false);
    assertThat(portal(WEB, Protocol.TCP)).isEqualTo(portal);
    assertThat(relay.backends(portal)).isEqualTo(backends(8080, "10.1.0.2"));
  }

  @Test
  void anEndpointThatTerminatesAndServesKeepsItsFlowsOfUdp() {
    put(
        Objects.service("ns/dns").clusterIp("172.30.0.2").port("p", Protocol.UDP, 53).build(),
        Objects.slice("ns/dns")
            .port("p", Protocol.UDP, 53)
            .endpoint("10.1.0.1", on("node").terminating())
            .endpoint("10.1.0.2", on("node").conditions(false, false, true))
            .endpoint("10.1.0.3", on("node"))
            // The cluster IP of the Service itself.
            .endpoint("172.30.0.2", on("node").terminating())
            .build());
    begin();
    BackendChoice choice = relay.choice(portal(DNS, Protocol.UDP));
    assertThat(choice.backends()).isEqualTo(backends(53, "10.1.0.3"));
    assertThat(choice.serving()).isEqualTo(backends(53, "10.1.0.1", "10.1.0.3"));
  }

  @Test
  void closesWhatAServiceThatIsGoneHad() {
    putWeb("10.1.0.1");
    putDns(Protocol.UDP, "10.1.0.3");
    begin();
    relay.onClose(
        place -> assertThat(kernel.services()).as("when %s closes", place).doesNotContainKey(DNS));
    delete(DNS);
    sync(false);
    assertThat(relay.listeners().values()).allMatch(name -> name.service().equals(WEB));
    assertThat(relay.openPorts()).isEqualTo(1);
  }

  @Test
  void aServiceThatThereIsNoPortForIsRefusedByNameAndServedWhenThereIs() {
    dataplane = behindRules(new PortChoice.FromRange(20_000, 1));
    putWeb("10.1.0.1");
    begin();
    putDns(Protocol.TCP, "10.1.0.3");
    SyncOutcome outcome = sync(false);
    assertThat(outcome).isInstanceOf(Rejected.class);
    assertThat(((Rejected) outcome).refusals())
        .singleElement()
        .satisfies(refusal -> {
          assertThat(refusal.service()).isEqualTo(DNS);
          assertThat(refusal.detail()).contains("20000", "--proxy-port-range");
        });
    assertThat(sync(false, DNS)).isInstanceOf(Applied.class);
    assertThat(kernel.services()).containsOnlyKeys(WEB);

    delete(WEB);
    sync(false, DNS);
    assertThat(relay.listeners()).isEmpty();
    assertThat(
            dataplane.sync(
                new SyncRequest(
                    planned.plan(), new PlanDelta(Set.of(DNS), false), false, Set.of())))
        .isInstanceOf(Applied.class);
    assertThat(portal(DNS, Protocol.TCP).port()).isEqualTo(20_000);
  }

  @Test
  void aNodePortThatAnotherProcessHasIsAProblemAndIsTakenWhenItIsFree() {
    Place taken = new Place(Protocol.TCP, ANY, NODE_PORT);
    relay.occupy(taken);
    putWeb("10.1.0.1");
    begin();
    assertThat(relay.backends(portal(WEB, Protocol.TCP))).hasSize(1);
    assertThat(dataplane.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.object()).isEqualTo(WEB);
          assertThat(problem.reason()).isEqualTo(Problem.Reason.NODE_PORT_CONFLICT);
          assertThat(problem.value()).isEqualTo("*:30080/TCP");
        });
    assertThat(dataplane.hasPlacesToTryAgain()).isTrue();

    relay.vacate(taken);
    sync(true);
    assertThat(relay.backends(taken)).hasSize(1);
    assertThat(dataplane.problems()).isEmpty();
    assertThat(dataplane.hasPlacesToTryAgain()).isFalse();
  }

  @Test
  void aNodePortThatMovesToAnotherServiceIsListenedOnForThat() {
    putWeb("10.1.0.1");
    begin();
    put(
        Objects.service("ns/web").clusterIp("172.30.0.1").port("p", 80).build(),
        Objects.service("ns/another")
            .type(ServiceType.NODE_PORT)
            .clusterIp("172.30.0.3")
            .port("p", Protocol.TCP, 80, NODE_PORT)
            .build(),
        Objects.slice("ns/another").port("p", 8080).endpoints("10.1.0.9").build());
    sync(false);
    assertThat(dataplane.problems()).isEmpty();
    assertThat(relay.backends(new Place(Protocol.TCP, ANY, NODE_PORT)))
        .isEqualTo(backends(8080, "10.1.0.9"));
  }

  @Test
  void aProtocolThatTheKernelLacksIsAProblemAndTheRestIsServed() {
    relay.forget(Protocol.SCTP);
    putDns(Protocol.SCTP, "10.1.0.3");
    putWeb("10.1.0.1");
    begin();
    assertThat(dataplane.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.object()).isEqualTo(DNS);
          assertThat(problem.message()).contains("this kernel has no SCTP");
        });
    PlannedService rules = kernel.services().get(DNS);
    assertThat(rules == null ? List.of() : rules.ports().getFirst().frontends()).isEmpty();
    assertThat(relay.backends(portal(WEB, Protocol.TCP))).hasSize(1);
    assertThat(dataplane.hasPlacesToTryAgain()).isFalse();
  }

  @Test
  void endpointsThatLeadBackAreLeftOut() {
    putDns(Protocol.TCP, "10.1.0.3");
    begin();
    Place listener = portal(DNS, Protocol.TCP);
    put(
        Objects.service("ns/web").clusterIp("172.30.0.1").port("p", 8080).build(),
        Objects.slice("ns/web", "own").port("p", 8080).endpoints("172.30.0.1", "10.1.0.1").build(),
        Objects.slice("ns/web", "other").port("p", 53).endpoints("172.30.0.2").build(),
        Objects.slice("ns/web", "relay")
            .port("p", listener.port())
            .endpoints(NODE.toString())
            .build());
    sync(false);
    assertThat(relay.backends(portal(WEB, Protocol.TCP))).isEqualTo(backends(8080, "10.1.0.1"));

    // What belongs to nobody any more is an endpoint like others.
    delete(DNS);
    sync(false);
    sync(false);
    assertThat(relay.backends(portal(WEB, Protocol.TCP)))
        .contains(new Backend(IpAddress.of("172.30.0.2"), 53));
  }

  @Test
  void aNodeWhoseAddressChangesIsListenedOnAtTheNewOne() {
    putWeb("10.1.0.1");
    begin();
    IpAddress next = IpAddress.of("192.168.0.3");
    assertThat(dataplane.isHostedOn(List.of(next, NODE))).isTrue();
    assertThat(dataplane.isHostedOn(List.of(next))).isFalse();
    host = new HostAddresses(next, List.of(next));
    sync(true);
    assertThat(portal(WEB, Protocol.TCP).address()).isEqualTo(next);
    assertThat(relay.backends(portal(WEB, Protocol.TCP))).hasSize(1);
    assertThat(relay.listeners().keySet()).noneMatch(place -> place.address().equals(NODE));
  }

  @Test
  void aServiceWhoseRulesAreRefusedKeepsWhatItHad() {
    putWeb("10.1.0.1");
    begin();
    Place portal = portal(WEB, Protocol.TCP);
    kernel.refuse(WEB);
    put(Objects.service("ns/web").clusterIp("172.30.0.7").port("p", 80).build());
    assertThat(sync(false)).isInstanceOf(Rejected.class);
    assertThat(sync(false, WEB)).isInstanceOf(Applied.class);
    assertThat(relay.backends(portal)).hasSize(1);
  }

  @Test
  void withoutRulesItListensWhereClientsSendToAndSaysWhereItCannot() {
    dataplane = alone();
    Place clusterIp = new Place(Protocol.TCP, IpAddress.of("172.30.0.1"), 80);
    relay.occupy(clusterIp);
    putWeb("10.1.0.1");
    put(
        Objects.service("ns/dns")
            .clusterIp("172.30.0.2")
            .externalIps("192.0.2.9")
            .port("p", 53)
            .build(),
        Objects.slice("ns/dns").port("p", 53).endpoints("10.1.0.3").build());
    begin();
    assertThat(relay.backends(new Place(Protocol.TCP, ANY, NODE_PORT)))
        .isEqualTo(backends(8080, "10.1.0.1"));
    assertThat(relay.backends(new Place(Protocol.TCP, IpAddress.of("192.0.2.9"), 53)))
        .isEqualTo(backends(53, "10.1.0.3"));
    assertThat(dataplane.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.field()).isEqualTo("spec.clusterIP"));
    assertThat(dataplane.portalPlan()).isNull();
  }

  @Test
  void withoutRulesAndEndpointsNobodyListens() {
    dataplane = alone();
    putWeb();
    begin();
    assertThat(relay.listeners()).isEmpty();
  }

  @Test
  void withoutRulesAnExternalPolicyOfLocalReachesLocalEndpointsOnly() {
    dataplane = alone();
    put(
        Objects.service("ns/web")
            .type(ServiceType.NODE_PORT)
            .externalLocal()
            .clusterIp("172.30.0.1")
            .port("p", Protocol.TCP, 80, NODE_PORT)
            .build(),
        Objects.slice("ns/web")
            .port("p", 8080)
            .endpoint("10.1.0.1", Objects.on("node1"))
            .endpoint("10.1.0.2", Objects.on("node2"))
            .build());
    begin();
    assertThat(relay.backends(new Place(Protocol.TCP, ANY, NODE_PORT)))
        .isEqualTo(backends(8080, "10.1.0.1"));
  }
}
