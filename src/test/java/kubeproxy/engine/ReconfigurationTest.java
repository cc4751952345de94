package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.udpService;
import static kubeproxy.testing.Cluster.udpSlice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Service;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Planner;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.FakeKernel.Fault;
import kubeproxy.testing.TinyPlanner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A configuration that changes while the loop runs.
class ReconfigurationTest {
  private final LoopFixture at = new LoopFixture();
  private final Service a = udpService("a", "10.0.0.1", "fd00::1");
  private final Service b = udpService("b", "10.0.0.2", "fd00::2");

  /// A configuration by which a Service is not carried.
  private static PlanSource without(IpFamily family, ObjectKey hidden) {
    TinyPlanner planner = new TinyPlanner(family);
    return (snapshot, facts, change) -> {
      Planner.Step step = planner.update(snapshot, facts, change);
      NodePlan plan = step.plan();
      Map<ObjectKey, @Nullable PlannedService> gone = new HashMap<>();
      gone.put(hidden, null);
      return new Planner.Step(
          new NodePlan(family, plan.settings(), plan.services().with(gone), plan.problems()),
          step.delta());
    };
  }

  private long reconfigure(IpFamily family, PlanSource planner, SyncPacing pacing) {
    return at.loop.reconfigure(Map.of(family, new Reconfiguration(planner, pacing)));
  }

  @Test
  void onlyTheDifferenceIsWritten() {
    at.begin(a, b);
    long position =
        reconfigure(IpFamily.IPV4, without(IpFamily.IPV4, key("b")), LoopFixture.PACING);
    at.stepLater();

    at.assertInstalled();
    assertThat(at.installed(IpFamily.IPV4).services().sortedKeys()).containsExactly(key("a"));
    SyncRequest request = at.dataplane4.requests().getLast();
    assertThat(request.observe()).isFalse();
    assertThat(request.delta().services()).containsExactly(key("b"));
    assertThat(request.delta().settings()).isFalse();
    assertThat(at.dataplane6.requests()).as("the other family").hasSize(1);
    assertThat(at.events.last(SyncEvent.Reconfigured.class).delta()).isEqualTo(request.delta());
    for (FamilyStatus status : at.loop.status().values()) {
      assertThat(status.installedPosition()).isEqualTo(position);
    }
  }

  @Test
  void aConfigurationThatChangesNothingWritesNothing() {
    at.begin(a, b);
    reconfigure(IpFamily.IPV4, new TinyPlanner(IpFamily.IPV4), LoopFixture.PACING);
    at.stepLater();

    at.assertInstalled();
    assertThat(at.dataplane4.requests()).hasSize(1);
    assertThat(at.events.last(SyncEvent.Reconfigured.class).delta()).isEqualTo(PlanDelta.NONE);
  }

  @Test
  void theNewPlannerFollowsWhatComesLater() {
    at.begin(a, b);
    reconfigure(IpFamily.IPV4, without(IpFamily.IPV4, key("b")), LoopFixture.PACING);
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1"));
    at.stepLater();
    assertThat(at.dataplane4.requests().getLast().delta().services())
        .containsExactlyInAnyOrder(key("a"), key("b"));

    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1", "10.1.0.2"));
    at.stepLater();
    at.assertInstalled();
    assertThat(at.dataplane4.requests().getLast().delta().services()).containsExactly(key("a"));
    assertThat(at.events.of(SyncEvent.Reconfigured.class)).isEmpty();
  }

  @Test
  void beforeTheFirstPlanItIsAsIfItHadStartedSo() {
    at.put(a, b);
    reconfigure(IpFamily.IPV4, without(IpFamily.IPV4, key("b")), LoopFixture.PACING);
    assertThat(at.loop.step()).isEqualTo(SyncScheduler.NEVER);
    at.source.markSynced();
    at.step();

    at.assertInstalled();
    assertThat(at.installed(IpFamily.IPV4).services().sortedKeys()).containsExactly(key("a"));
    assertThat(at.dataplane4.requests()).hasSize(1);
    assertThat(at.events.of(SyncEvent.Reconfigured.class)).isEmpty();
  }

  @Test
  void aSyncThatFailsIsRetried() {
    at.begin(a, b);
    at.kernel4.setFaults(call -> call == 1 ? Fault.REJECT : Fault.NONE);
    long position =
        reconfigure(
            IpFamily.IPV4,
            without(IpFamily.IPV4, key("b")),
            new SyncPacing(Duration.ZERO, Duration.ofSeconds(7)));
    at.stepLater();
    assertThat(at.status(IpFamily.IPV4).installedPosition()).isLessThan(position);
    assertThat(at.installed(IpFamily.IPV4).services().sortedKeys()).contains(key("b"));

    at.clock.advance(Duration.ofSeconds(7));
    at.step();
    at.assertInstalled();
    assertThat(at.status(IpFamily.IPV4).installedPosition()).isEqualTo(position);
  }

  @Test
  void aServiceSetAsideStaysSoUnlessItIsWantedDifferently() {
    at.begin(a);
    at.kernel4.refuse(key("b"));
    at.put(b);
    at.stepLater();
    assertThat(at.status(IpFamily.IPV4).setAside()).hasSize(1);
    reconfigure(IpFamily.IPV4, new TinyPlanner(IpFamily.IPV4), LoopFixture.PACING);
    at.step();
    assertThat(at.status(IpFamily.IPV4).setAside()).hasSize(1);

    reconfigure(IpFamily.IPV4, without(IpFamily.IPV4, key("b")), LoopFixture.PACING);
    at.stepLater();
    assertThat(at.status(IpFamily.IPV4).setAside()).isEmpty();
    at.assertInstalled();
  }

  @Test
  void theLastOfSeveralCounts() {
    at.begin(a, b);
    reconfigure(IpFamily.IPV4, without(IpFamily.IPV4, key("a")), LoopFixture.PACING);
    Map<IpFamily, Reconfiguration> both = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      both.put(family, new Reconfiguration(without(family, key("b")), LoopFixture.PACING));
    }
    at.loop.reconfigure(both);
    at.stepLater();

    at.assertInstalled();
    for (IpFamily family : IpFamily.values()) {
      assertThat(at.installed(family).services().sortedKeys()).containsExactly(key("a"));
    }
  }

  @Test
  void aFamilyThatTheLoopHasNotIsAMistake() {
    SyncMember four =
        new SyncMember(
            new TinyPlanner(IpFamily.IPV4),
            new FakeDataplane(new FakeKernel(IpFamily.IPV4)),
            LoopFixture.PACING);
    try (SyncLoop loop =
        new SyncLoop(new Inbox(), List.of(four), at.events, (_, _) -> {}, at.clock)) {
      Reconfiguration six = new Reconfiguration(new TinyPlanner(IpFamily.IPV6), LoopFixture.PACING);
      assertThatThrownBy(() -> loop.reconfigure(Map.of(IpFamily.IPV6, six)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
