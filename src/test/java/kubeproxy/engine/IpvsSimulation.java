package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.ipvs.apply.IpvsDataplane;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectId;
import kubeproxy.plan.Backend;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.FakeIpvs;
import kubeproxy.testing.FakeIpvs.Fault;
import kubeproxy.testing.IpvsDrift;
import kubeproxy.testing.ManualClock;

/// The engine, the planner and the ipvs mode over two fake kernels, driven by one seed. One call in
/// ten fails, some of them half-way, and so does a look now and then; connections come and go.
final class IpvsSimulation {

  /// How many [#config] knows.
  private static final int CONFIGURATIONS = 16;

  private final Random random;
  private final ContestedObjects objects;
  private final ManualClock clock = new ManualClock();
  private final Map<IpFamily, FakeIpvs> kernels = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, FakeIptables> tables = new EnumMap<>(IpFamily.class);
  private final Set<String> seen = new TreeSet<>();
  private final Map<ObjectId, ClusterObject> cluster = new LinkedHashMap<>();

  /// Families that others changed since the last look.
  private final Set<IpFamily> drifted = new HashSet<>();

  /// What a family is configured to do now, a number for [#config].
  private int configuration;

  private NodeFacts facts = new NodeFacts(List.of());
  private Inbox inbox = new Inbox();
  private Inbox.Source source = inbox.register("cluster");
  private SyncLoop loop = newLoop();

  IpvsSimulation(long seed) {
    random = new Random(seed);
    objects = new ContestedObjects(random);
    for (IpFamily family : IpFamily.values()) {
      FakeIpvs kernel = new FakeIpvs();
      kernel.setFaults(() -> random.nextInt(10) == 0 ? fault() : Fault.NONE);
      kernels.put(family, kernel);
      tables.put(family, new FakeIptables(family));
    }
    restart();
  }

  private Fault fault() {
    List<Fault> faults = List.of(Fault.BEFORE, Fault.AFTER, Fault.HALFWAY);
    return faults.get(random.nextInt(faults.size()));
  }

  /// One of the configurations there are, by its number.
  private static PlanConfig config(IpFamily family, int number) {
    IpPrefix all = IpPrefix.of(family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0");
    IpPrefix pods = IpPrefix.of(family == IpFamily.IPV4 ? "10.0.0.0/8" : "fd00::/8");
    return new PlanConfig(
        family,
        ContestedObjects.NODE,
        number % 2 == 1,
        number / 2 % 2 == 0
            ? new PlanConfig.DetectLocal.ByNodeCidr()
            : new PlanConfig.DetectLocal.ByClusterCidr(List.of(pods)),
        number / 4 % 2 == 0
            ? new PlanConfig.NodePortChoice.Primary()
            : new PlanConfig.NodePortChoice.InCidrs(List.of(all)),
        number / 8 % 2 == 0);
  }

  private void reconfigure() {
    configuration = random.nextInt(CONFIGURATIONS);
    SyncPacing pacing =
        new SyncPacing(
            Duration.ofMillis(random.nextInt(3_000)),
            Duration.ofMillis(1 + random.nextInt(60_000)));
    Map<IpFamily, Reconfiguration> next = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      next.put(
          family, new Reconfiguration(new Planner(config(family, configuration))::update, pacing));
    }
    loop.reconfigure(next);
  }

  private SyncLoop newLoop() {
    List<SyncMember> members = new ArrayList<>();
    kernels.forEach((family, kernel) ->
        members.add(
            new SyncMember(
                new Planner(config(family, configuration))::update,
                dataplane(family, kernel, Objects.requireNonNull(tables.get(family))),
                LoopFixture.PACING)));
    return new SyncLoop(
        inbox,
        members,
        this::see,
        (thread, cause) -> {
          throw new AssertionError(thread, cause);
        },
        clock);
  }

  private static IpvsDataplane dataplane(IpFamily family, FakeIpvs kernel, FakeIptables tables) {
    return new IpvsDataplane(
        kernel, tables, new CompileOptions(family, "rr", Compiled.MARK), new Ownership(List.of()));
  }

  private void see(SyncEvent event) {
    seen.add(event.getClass().getSimpleName());
    if (event instanceof SyncEvent.Synced synced && synced.report().observed()) {
      drifted.remove(synced.family());
    }
  }

  /// Names of the kinds of events so far.
  Set<String> seen() {
    return seen;
  }

  /// Something happens.
  void randomEvent() {
    IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    FakeIpvs kernel = Objects.requireNonNull(kernels.get(family));
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 -> put(objects.any());
      case 7 -> remove();
      case 8 -> {
        facts = objects.facts();
        tellKernels();
        source.putFacts(facts);
      }
      case 9 -> {
        IpvsDrift.apply(kernel, Objects.requireNonNull(tables.get(family)), random);
        drifted.add(family);
        if (random.nextInt(3) > 0) {
          inbox.noticeDrift(family);
        }
      }
      case 10 -> {
        int number = random.nextInt(40);
        kernel.refuse(operation ->
            operation instanceof Operation.AddServer && operation.hashCode() % 40 == number);
      }
      case 13 -> reconfigure();
      case 11 -> kernel.setUnreadable(random.nextInt(3) == 0);
      case 12 -> {
        if (random.nextInt(5) == 0) {
          restart();
        }
      }
      case 14 -> connect(kernel);
      default -> {
        clock.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 2_000 : 60_000)));
        loop.step();
      }
    }
  }

  /// The node has other addresses, which changes what is to be installed.
  private void tellKernels() {
    kernels.forEach((family, kernel) -> {
      kernel.ownAddresses(
          facts.localAddresses().stream().filter(each -> each.family() == family).toList());
      drifted.add(family);
      inbox.noticeDrift(family);
    });
  }

  private void connect(FakeIpvs kernel) {
    for (ServerKey key : kernel.keys()) {
      for (Backend backend : kernel.backends(key)) {
        kernel.connect(key, backend, random.nextInt(2));
      }
    }
  }

  private void put(ClusterObject object) {
    cluster.put(ObjectId.of(object), object);
    source.put(ClusterDelta.ofPut(List.of(object)));
  }

  private void remove() {
    List<ObjectId> ids = List.copyOf(cluster.keySet());
    if (!ids.isEmpty()) {
      ObjectId id = ids.get(random.nextInt(ids.size()));
      cluster.remove(id);
      source.put(ClusterDelta.ofRemoved(List.of(id)));
    }
  }

  private void restart() {
    loop.close();
    inbox = new Inbox();
    source = inbox.register("cluster");
    loop = newLoop();
    source.put(ClusterDelta.ofPut(cluster.values()));
    source.putFacts(facts);
    source.markSynced();
  }

  /// Whenever nothing is pending, set aside or changed by others, the kernel holds the plan.
  void checkInvariants() {
    for (FamilyStatus status : loop.status().values()) {
      NodePlan desired = status.desired();
      if (desired != null
          && status.appliedNanos().isPresent()
          && status.pendingSinceNanos().isEmpty()
          && status.setAside().isEmpty()
          && !drifted.contains(status.family())) {
        check(status.family(), desired);
      }
    }
  }

  /// Nothing fails any longer and nothing happens, for long enough.
  void quiet() {
    for (FakeIpvs kernel : kernels.values()) {
      kernel.setFaults(() -> Fault.NONE);
      kernel.refuse(_ -> false);
      kernel.setUnreadable(false);
    }
    long end = clock.getAsLong() + SyncPacing.OBSERVE_INTERVAL.plusMinutes(10).toNanos();
    long next = loop.step();
    while (clock.getAsLong() < end) {
      clock.advanceTo(Math.min(next, end));
      next = loop.step();
    }
  }

  /// What holds after quiet.
  void checkQuiet() {
    ClusterSnapshot expected =
        ClusterSnapshot.EMPTY.apply(ClusterDelta.ofPut(cluster.values())).snapshot();
    for (FamilyStatus status : loop.status().values()) {
      IpFamily family = status.family();
      assertThat(status.setAside()).isEmpty();
      assertThat(status.pendingSinceNanos()).isEmpty();
      NodePlan fresh =
          new Planner(config(family, configuration))
              .update(expected, facts, ClusterChange.NONE)
              .plan();
      assertThat(status.installed()).isEqualTo(fresh);
      check(family, fresh);
    }
  }

  private void check(IpFamily family, NodePlan plan) {
    FakeIpvs fresh = new FakeIpvs();
    fresh.ownAddresses(
        facts.localAddresses().stream().filter(each -> each.family() == family).toList());
    FakeIptables freshTables = new FakeIptables(family);
    assertThat(
            dataplane(family, fresh, freshTables)
                .sync(new SyncRequest(plan, PlanDelta.NONE, true, Set.of())))
        .isInstanceOf(SyncOutcome.Applied.class);
    assertThat(Objects.requireNonNull(kernels.get(family)).content()).isEqualTo(fresh.content());
    assertThat(Objects.requireNonNull(tables.get(family)).content())
        .isEqualTo(freshTables.content());
  }

  /// How much the kernels hold, in characters, to know that the simulation is not empty.
  int size() {
    return kernels.values().stream().mapToInt(kernel -> kernel.content().length()).sum();
  }
}
