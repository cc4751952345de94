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
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectId;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;
import kubeproxy.testing.ManualClock;

/// The engine, the planner and one mode over a fake kernel per family. Objects come and go, and so
/// do configurations, proxies and what others change; what fails is for the mode to say.
///
/// @param <K> the fake kernel of one family
abstract class ModeSimulation<K> implements SeededSimulation {

  /// How many [#config] knows.
  private static final int CONFIGURATIONS = 16;

  private final Random random;
  private final ContestedObjects objects;
  private final ManualClock clock = new ManualClock();
  private final Map<IpFamily, K> kernels = new EnumMap<>(IpFamily.class);
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

  /// No proxy runs before [#start].
  ModeSimulation(Random random) {
    this.random = random;
    objects = new ContestedObjects(random);
  }

  /// Starts a proxy over these kernels.
  final void start(Map<IpFamily, K> fresh) {
    kernels.putAll(fresh);
    restart();
  }

  /// A data plane over a kernel.
  abstract Dataplane dataplane(IpFamily family, K kernel);

  /// A kernel that holds nothing and refuses nothing, on a node of these facts.
  abstract K freshKernel(IpFamily family, NodeFacts facts);

  /// Whether two kernels hold the same.
  abstract void checkSame(K kernel, K expected);

  /// Others change something.
  abstract void drift(K kernel);

  /// The kernel refuses other things than before.
  ///
  /// @param objects names things to refuse
  abstract void refuse(K kernel, ContestedObjects objects);

  abstract void setUnreadable(K kernel, boolean unreadable);

  /// Nothing fails any longer.
  abstract void calm(K kernel);

  /// The node has other addresses.
  ///
  /// @return whether that changes what is to be installed
  abstract boolean move(IpFamily family, K kernel, NodeFacts facts);

  /// Clients use what is installed.
  ///
  /// @return false if the mode sees nothing of them
  abstract boolean connect(K kernel);

  /// How much a kernel holds, in characters.
  abstract int size(K kernel);

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
                dataplane(family, kernel),
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

  private void see(SyncEvent event) {
    seen.add(event.getClass().getSimpleName());
    if (event instanceof SyncEvent.Synced synced && synced.report().observed()) {
      drifted.remove(synced.family());
    }
  }

  @Override
  public Set<String> seen() {
    return seen;
  }

  @Override
  public void randomEvent() {
    IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    K kernel = Objects.requireNonNull(kernels.get(family));
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 -> put(objects.any());
      case 7 -> remove();
      case 8 -> putFacts();
      case 9 -> {
        drift(kernel);
        drifted.add(family);
        if (random.nextInt(3) > 0) {
          inbox.noticeDrift(family);
        }
      }
      case 10 -> refuse(kernel, objects);
      case 11 -> setUnreadable(kernel, random.nextInt(3) == 0);
      case 12 -> {
        if (random.nextInt(5) == 0) {
          restart();
        }
      }
      case 13 -> reconfigure();
      case 14 -> {
        if (!connect(kernel)) {
          step();
        }
      }
      default -> step();
    }
  }

  private void step() {
    clock.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 2_000 : 60_000)));
    loop.step();
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

  private void putFacts() {
    facts = objects.facts();
    kernels.forEach((family, kernel) -> {
      if (move(family, kernel, facts)) {
        drifted.add(family);
        inbox.noticeDrift(family);
      }
    });
    source.putFacts(facts);
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
  @Override
  public void checkInvariants() {
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

  @Override
  public void quiet() {
    kernels.values().forEach(this::calm);
    long end = clock.getAsLong() + SyncPacing.OBSERVE_INTERVAL.plusMinutes(10).toNanos();
    long next = loop.step();
    while (clock.getAsLong() < end) {
      clock.advanceTo(Math.min(next, end));
      next = loop.step();
    }
  }

  @Override
  public void checkQuiet() {
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
    K fresh = freshKernel(family, facts);
    assertThat(dataplane(family, fresh).sync(new SyncRequest(plan, PlanDelta.NONE, true, Set.of())))
        .isInstanceOf(SyncOutcome.Applied.class);
    checkSame(Objects.requireNonNull(kernels.get(family)), fresh);
  }

  /// How much the kernels hold, in characters, to know that the simulation is not empty.
  final int size() {
    return kernels.values().stream().mapToInt(this::size).sum();
  }
}
