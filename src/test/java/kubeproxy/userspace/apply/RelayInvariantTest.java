package kubeproxy.userspace.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Treatment;
import kubeproxy.relay.PortChoice;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.FakeRelay;
import kubeproxy.testing.FakeRelay.Place;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.UniformTreatments;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens: rules lead to open listeners only, and following changes ends where starting
/// anew would.
class RelayInvariantTest {
  private static final int STEPS = 60;
  private static final IpAddress NODE = IpAddress.of("192.168.0.2");
  private static final HostAddresses HOST = new HostAddresses(NODE, List.of(NODE));

  private static LongStream seeds() {
    String given = System.getProperty("kubeproxy.seed");
    long first = given == null ? System.nanoTime() : Long.parseLong(given);
    return LongStream.range(first, first + (given == null ? 20 : 1));
  }

  /// One family with a kernel that refuses, forgets to answer, or loses its rules.
  private static final class Node {
    private final FakeRelay relay = new FakeRelay();
    private final FakeKernel kernel = new FakeKernel(IpFamily.IPV4);
    private final UserspaceDataplane dataplane =
        new UserspaceDataplane(
            IpFamily.IPV4,
            relay,
            () -> HOST,
            new PortChoice.FromRange(20_000, 40),
            Optional.of(new FakeDataplane(kernel)));
    private final Random random;
    private final RandomPlan plans;
    private final Set<ObjectKey> pending = new HashSet<>();
    private final Set<ObjectKey> setAside = new LinkedHashSet<>();
    private boolean settings;
    private boolean observe = true;

    Node(long seed) {
      random = new Random(seed);
      plans = new RandomPlan(IpFamily.IPV4, random, 4);
      relay.onClose(
          place -> assertThat(leadsTo()).as("rules when %s closes", place).doesNotContain(place));
    }

    NodePlan plan() {
      return UniformTreatments.of(plans.plan());
    }

    /// Where the rules lead.
    Set<Place> leadsTo() {
      Set<Place> places = new HashSet<>();
      kernel
          .services()
          .values()
          .forEach(service ->
              service
                  .ports()
                  .forEach(port ->
                      port.frontends()
                          .forEach(frontend ->
                              backends(frontend)
                                  .forEach(backend ->
                                      places.add(
                                          new Place(
                                              port.name().protocol(),
                                              backend.address(),
                                              backend.port()))))));
      return places;
    }

    private static List<Backend> backends(Frontend frontend) {
      List<Backend> backends = new ArrayList<>();
      switch (frontend.treatment()) {
        case Treatment.Reject(), Treatment.Drop() -> {}
        case Treatment.Internal(var pool) -> backends.addAll(pool.backends());
        case Treatment.ExternalCluster(var pool) -> backends.addAll(pool.backends());
        case Treatment.ExternalLocal(var local, var cluster) -> {
          backends.addAll(local.backends());
          backends.addAll(cluster.backends());
        }
      }
      return backends;
    }

    /// As the engine does it.
    void sync() {
      for (int round = 0; round < 8; round++) {
        Set<ObjectKey> services = new HashSet<>(pending);
        services.removeAll(setAside);
        SyncRequest request =
            new SyncRequest(plan(), new PlanDelta(services, settings), observe, setAside);
        SyncOutcome outcome = dataplane.sync(request);
        assertThat(relay.listeners().keySet()).as("open").containsAll(leadsTo());
        switch (outcome) {
          case SyncOutcome.Applied _ -> {
            pending.retainAll(setAside);
            settings = false;
            observe = false;
            return;
          }
          case SyncOutcome.Rejected(var refusals) ->
              refusals.forEach(refusal -> setAside.add(Objects.requireNonNull(refusal.service())));
          case SyncOutcome.Indeterminate _ -> observe = true;
        }
      }
      throw new AssertionError("does not settle");
    }

    void step() {
      PlanDelta delta = plans.step();
      pending.addAll(delta.services());
      settings |= delta.settings();
      setAside.removeAll(delta.services());
      kernel.refuseNothing();
      List<ObjectKey> keys = plan().services().sortedKeys();
      if (random.nextInt(3) == 0 && !keys.isEmpty()) {
        kernel.refuse(keys.get(random.nextInt(keys.size())));
      }
      observe |= random.nextInt(6) == 0;
      sync();
    }

    void settleAll() {
      kernel.refuseNothing();
      setAside.clear();
      sync();
    }
  }

  /// The rules with the pools that they lead to in the place of listeners.
  private static String resolved(Node node) {
    TreeMap<ObjectKey, PlannedService> services = new TreeMap<>(node.kernel.services());
    StringBuilder text = new StringBuilder();
    services.forEach((key, service) -> {
      for (PlannedPort port : service.ports()) {
        for (Frontend frontend : port.frontends()) {
          text.append(key).append(' ').append(port.name()).append(' ').append(frontend.kind());
          text.append(' ').append(frontend.address()).append(':').append(frontend.port());
          text.append(frontend.treatment().getClass().getSimpleName());
          for (Backend backend : Node.backends(frontend)) {
            Place place = new Place(port.name().protocol(), backend.address(), backend.port());
            text.append(' ').append(node.relay.backends(place));
          }
          text.append('\n');
        }
      }
    });
    node.relay.listeners().keySet().stream()
        .filter(place -> place.address().isUnspecified() || !place.address().equals(NODE))
        .map(place -> place + " " + node.relay.backends(place) + "\n")
        .sorted()
        .forEach(text::append);
    return text.toString();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void rulesLeadToOpenListenersAndFollowingEqualsStartingAnew(long seed) {
    Node node = new Node(seed);
    for (int step = 0; step < STEPS; step++) {
      node.step();
    }
    node.settleAll();
    Node fresh = new Node(seed);
    NodePlan plan = node.plan();
    UserspaceDataplane anew =
        new UserspaceDataplane(
            IpFamily.IPV4,
            fresh.relay,
            () -> HOST,
            new PortChoice.AnyFree(),
            Optional.of(new FakeDataplane(fresh.kernel)));
    SyncOutcome outcome =
        anew.sync(new SyncRequest(plan, new PlanDelta(Set.of(), true), true, Set.of()));
    assertThat(outcome).isInstanceOf(SyncOutcome.Applied.class);
    assertThat(resolved(node)).as("seed %d", seed).isEqualTo(resolved(fresh));
    assertThat(node.relay.listeners()).hasSameSizeAs(fresh.relay.listeners());
    assertThat(node.relay.openPorts()).isEqualTo(fresh.relay.openPorts());
  }
}
