package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.sliceName;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.testing.Cluster;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeFlows;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.FakeKernel.Fault;
import kubeproxy.testing.ManualClock;
import kubeproxy.testing.TinyPlanner;

/// A cluster, a node's kernel and the whole engine in one thread, driven by one seed. One call of a
/// data plane in ten fails.
final class Simulation implements SeededSimulation {
  private final Random random;
  private final RandomObjects objects;
  private final ManualClock clock = new ManualClock();
  private final Map<IpFamily, FakeKernel> kernels = new EnumMap<>(IpFamily.class);
  private final FakeFlows flows = new FakeFlows();
  private final Set<String> seen = new TreeSet<>();

  /// What exists in the cluster, whether the proxy knows it yet or not.
  private final Map<ObjectId, ClusterObject> cluster = new LinkedHashMap<>();

  /// Families whose kernel content is what the engine believes it is.
  private final Set<IpFamily> believable = new HashSet<>();

  /// Services that were set aside and not restored: what others made of them stays in the kernel.
  private final Map<IpFamily, Set<ObjectKey>> left = new EnumMap<>(IpFamily.class);

  private NodeFacts facts = new NodeFacts(List.of());
  private Inbox inbox = new Inbox();
  private Inbox.Source source = inbox.register("cluster");
  private FlowCleaner<FakeFlows.Entry> cleaner = new FlowCleaner<>(flows, this::see, clock);
  private SyncLoop loop = newLoop();

  Simulation(long seed) {
    random = new Random(seed);
    objects = new RandomObjects(random);
    for (IpFamily family : IpFamily.values()) {
      FakeKernel kernel = new FakeKernel(family);
      kernel.setFaults(_ -> random.nextInt(10) == 0 ? fault() : Fault.NONE);
      kernels.put(family, kernel);
    }
    restart();
  }

  private Fault fault() {
    return any(List.of(Fault.REJECT, Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER));
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private SyncLoop newLoop() {
    List<SyncMember> members = new ArrayList<>();
    kernels.forEach((family, kernel) ->
        members.add(
            new SyncMember(
                new TinyPlanner(family), new FakeDataplane(kernel), LoopFixture.PACING)));
    return new SyncLoop(
        inbox,
        members,
        SyncObserver.all(List.<SyncObserver>of(this::see, cleaner)),
        (thread, cause) -> {
          throw new AssertionError(thread, cause);
        },
        clock);
  }

  @Override
  public Set<String> seen() {
    return seen;
  }

  private void see(SyncEvent event) {
    seen.add(event.getClass().getSimpleName());
    switch (event) {
      case SyncEvent.Synced synced -> {
        if (synced.report().observed()) {
          believable.add(synced.family());
        }
      }
      case SyncEvent.Indeterminate unknown -> believable.remove(unknown.family());
      case SyncEvent.SetAside aside -> left(aside.family()).add(aside.service().service());
      case SyncEvent.Restored restored ->
          left(restored.family()).remove(restored.service().service());
      case SyncEvent.Folded _,
          SyncEvent.FactsChanged _,
          SyncEvent.Reconfigured _,
          SyncEvent.Planned _,
          SyncEvent.Programmed _,
          SyncEvent.ProblemsChanged _,
          SyncEvent.Queued _,
          SyncEvent.DriftNoticed _,
          SyncEvent.Rejected _,
          SyncEvent.Failed _,
          SyncEvent.HealthChecksChanged _,
          SyncEvent.FlowsCleaned _ -> {}
    }
  }

  private Set<ObjectKey> left(IpFamily family) {
    return left.computeIfAbsent(family, _ -> new HashSet<>());
  }

  @Override
  public void randomEvent() {
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> put(List.of(objects.service()));
      case 3, 4, 5, 6 -> put(List.of(objects.slice()));
      case 7 -> removeRandom();
      case 8 -> relist();
      case 9 -> putFacts();
      case 10 -> drift();
      case 11 -> refuse();
      case 12 -> {
        if (random.nextInt(5) == 0) {
          restart();
        }
      }
      case 13, 14 -> addFlows();
      case 15 -> cleaner.step();
      default -> {
        clock.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 2_000 : 60_000)));
        loop.step();
      }
    }
  }

  private void put(List<ClusterObject> changed) {
    changed.forEach(object -> cluster.put(ObjectId.of(object), object));
    source.put(ClusterDelta.ofPut(changed));
  }

  private void removeRandom() {
    ObjectId id =
        random.nextBoolean()
            ? Cluster.serviceId(objects.name())
            : new ObjectId(Kind.ENDPOINT_SLICE, key(sliceName(objects.family(), objects.name())));
    cluster.remove(id);
    source.put(ClusterDelta.ofRemoved(List.of(id)));
  }

  /// Half of the cluster is another one suddenly.
  private void relist() {
    Map<ObjectId, Optional<ClusterObject>> changes = new HashMap<>();
    for (ObjectId id : List.copyOf(cluster.keySet())) {
      if (random.nextBoolean()) {
        changes.put(id, Optional.empty());
        cluster.remove(id);
      }
    }
    for (int i = 0; i < RandomObjects.SERVICES; i++) {
      ClusterObject object = random.nextBoolean() ? objects.service() : objects.slice();
      changes.put(ObjectId.of(object), Optional.of(object));
      cluster.put(ObjectId.of(object), object);
    }
    source.put(new ClusterDelta(changes));
  }

  private void putFacts() {
    facts =
        new NodeFacts(
            random
                .ints(random.nextInt(3), 1, 4)
                .distinct()
                .sorted()
                .mapToObj(i -> IpAddress.of("192.0.2." + i))
                .toList());
    source.putFacts(facts);
  }

  private FakeKernel kernel(IpFamily family) {
    return Objects.requireNonNull(kernels.get(family));
  }

  /// Someone else removes a Service or puts another's content in its place; sometimes unnoticed.
  private void drift() {
    IpFamily family = objects.family();
    Map<ObjectKey, PlannedService> held = kernel(family).services();
    if (held.isEmpty()) {
      return;
    }
    List<ObjectKey> keys = List.copyOf(held.keySet());
    ObjectKey victim = any(keys);
    PlannedService other = Objects.requireNonNull(held.get(any(keys)));
    if (random.nextBoolean() || other.key().equals(victim)) {
      kernel(family).lose(victim);
    } else {
      PlannedService bent =
          new PlannedService(victim, other.ports(), other.ownedClusterIps(), 0, 0);
      kernel(family).gain(bent);
    }
    believable.remove(family);
    if (random.nextInt(3) > 0) {
      inbox.noticeDrift(family);
    }
  }

  private void refuse() {
    FakeKernel kernel = kernel(objects.family());
    switch (random.nextInt(4)) {
      case 0 -> kernel.refuseNothing();
      case 1 -> kernel.setNaming(any(List.of(FakeKernel.Naming.values())));
      default -> kernel.refuse(key(objects.name()));
    }
  }

  private void restart() {
    loop.close();
    believable.clear();
    left.clear();
    inbox = new Inbox();
    source = inbox.register("cluster");
    cleaner = new FlowCleaner<>(flows, this::see, clock);
    loop = newLoop();
    source.put(ClusterDelta.ofPut(cluster.values()));
    source.putFacts(facts);
    source.markSynced();
  }

  /// Clients begin flows, which go where the kernel sends them.
  private void addFlows() {
    for (FakeKernel kernel : kernels.values()) {
      for (PlannedService service : kernel.services().values()) {
        for (PlannedPort port : service.ports()) {
          if (port.name().protocol() == Protocol.UDP) {
            port.frontends().forEach(frontend -> addFlow(port, frontend));
          }
        }
      }
    }
  }

  private void addFlow(PlannedPort port, Frontend frontend) {
    IpAddress address = frontend.address();
    if (address == null) {
      List<IpAddress> local = facts.localAddresses();
      if (local.isEmpty() || port.serving().isEmpty()) {
        return;
      }
      address = local.getFirst();
    }
    Backend backend =
        port.serving().isEmpty() ? new Backend(address, frontend.port()) : any(port.serving());
    flows.add(address, frontend.port(), backend.address(), backend.port());
  }

  @Override
  public void checkInvariants() {
    for (FamilyStatus status : loop.status().values()) {
      assertThat(status.installedRevision()).isLessThanOrEqualTo(status.desiredRevision());
      NodePlan installed = status.installed();
      if (installed == null) {
        continue;
      }
      Set<ObjectKey> except = left(status.family());
      Map<ObjectKey, PlannedService> believed = without(servicesOf(installed), except);
      if (believable.contains(status.family())) {
        assertThat(without(kernel(status.family()).services(), except)).isEqualTo(believed);
      }
      if (status.pendingSinceNanos().isEmpty()) {
        NodePlan desired = Objects.requireNonNull(status.desired());
        assertThat(believed).isEqualTo(without(servicesOf(desired), except));
      }
      assertThat(except)
          .containsAll(status.setAside().stream().map(SetAsideService::service).toList());
    }
  }

  private static Map<ObjectKey, PlannedService> servicesOf(NodePlan plan) {
    Map<ObjectKey, PlannedService> services = new TreeMap<>();
    plan.services().forEach(services::put);
    return services;
  }

  private static Map<ObjectKey, PlannedService> without(
      Map<ObjectKey, PlannedService> services, Set<ObjectKey> except) {
    Map<ObjectKey, PlannedService> rest = new TreeMap<>(services);
    rest.keySet().removeAll(except);
    return rest;
  }

  @Override
  public void quiet() {
    for (FakeKernel kernel : kernels.values()) {
      kernel.setFaults(_ -> Fault.NONE);
      kernel.refuseNothing();
    }
    long end = clock.getAsLong() + SyncPacing.OBSERVE_INTERVAL.plusMinutes(10).toNanos();
    long next = loop.step();
    while (clock.getAsLong() < end) {
      clock.advanceTo(Math.min(next, end));
      next = loop.step();
    }
    for (long at = cleaner.step(); at != SyncScheduler.NEVER; at = cleaner.step()) {
      clock.advanceTo(at);
    }
  }

  @Override
  public void checkQuiet() {
    ClusterSnapshot expected =
        ClusterSnapshot.EMPTY.apply(ClusterDelta.ofPut(cluster.values())).snapshot();
    assertThat(loop.snapshot().services()).isEqualTo(expected.services());
    assertThat(loop.snapshot().slices()).isEqualTo(expected.slices());
    for (FamilyStatus status : loop.status().values()) {
      NodePlan fresh =
          new TinyPlanner(status.family()).update(expected, facts, ClusterChange.NONE).plan();
      assertThat(status.setAside()).isEmpty();
      assertThat(status.pendingSinceNanos()).isEmpty();
      assertThat(status.installedRevision()).isEqualTo(loop.snapshot().revision());
      assertThat(status.installed()).isEqualTo(fresh);
      assertThat(kernel(status.family()).services()).isEqualTo(servicesOf(fresh));
      assertThat(kernel(status.family()).holds(fresh)).isTrue();
      checkFlows(status.family(), fresh);
    }
  }

  /// Every flow to a frontend with serving endpoints leads to one of these.
  private void checkFlows(IpFamily family, NodePlan plan) {
    for (FakeFlows.Entry flow : flows.entries(family)) {
      plan.services()
          .forEach((_, service) ->
              service.ports().stream()
                  .filter(port -> !port.serving().isEmpty())
                  .filter(port -> port.frontends().stream().anyMatch(to -> isTo(flow, to)))
                  .forEach(port ->
                      assertThat(port.serving())
                          .contains(new Backend(flow.replySource(), flow.replySourcePort()))));
    }
  }

  private boolean isTo(FakeFlows.Entry flow, Frontend frontend) {
    return flow.originalDestinationPort() == frontend.port()
        && (frontend.address() == null
            ? facts.localAddresses().contains(flow.originalDestination())
            : frontend.address().equals(flow.originalDestination()));
  }
}
