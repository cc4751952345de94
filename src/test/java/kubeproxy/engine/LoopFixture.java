package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectId;
import kubeproxy.plan.NodePlan;
import kubeproxy.testing.EventLog;
import kubeproxy.testing.FakeDataplane;
import kubeproxy.testing.FakeKernel;
import kubeproxy.testing.ManualClock;
import kubeproxy.testing.TinyPlanner;

/// A loop over two fake kernels, stepped by hand.
final class LoopFixture {
  static final SyncPacing PACING = new SyncPacing(Duration.ofSeconds(1), Duration.ofSeconds(30));

  final ManualClock clock = new ManualClock();
  final EventLog events = new EventLog();
  final FakeKernel kernel4 = new FakeKernel(IpFamily.IPV4);
  final FakeKernel kernel6 = new FakeKernel(IpFamily.IPV6);
  final FakeDataplane dataplane4 = new FakeDataplane(kernel4);
  final FakeDataplane dataplane6 = new FakeDataplane(kernel6);
  final Inbox inbox = new Inbox();
  final Inbox.Source source = inbox.register("objects");
  final SyncLoop loop =
      new SyncLoop(
          inbox,
          // the order of the members does not matter
          List.of(
              new SyncMember(new TinyPlanner(IpFamily.IPV6), dataplane6, PACING),
              new SyncMember(new TinyPlanner(IpFamily.IPV4), dataplane4, PACING)),
          events,
          (thread, cause) -> {
            throw new AssertionError(thread, cause);
          },
          clock);

  void put(ClusterObject... objects) {
    source.put(ClusterDelta.ofPut(List.of(objects)));
  }

  void remove(ObjectId... ids) {
    source.put(ClusterDelta.ofRemoved(List.of(ids)));
  }

  /// Steps now, and forgets the events before.
  void step() {
    events.clear();
    loop.step();
  }

  /// Steps a second later, when the minimum interval is over.
  void stepLater() {
    clock.advance(Duration.ofSeconds(1));
    step();
  }

  /// Puts, marks synced and steps.
  void begin(ClusterObject... objects) {
    put(objects);
    source.markSynced();
    step();
  }

  /// Lets time pass until nothing is set aside or waits.
  void settle() {
    long next = loop.step();
    for (int steps = 0; steps < 1000 && !isSettled(); steps++) {
      clock.advanceTo(next);
      next = loop.step();
    }
  }

  private boolean isSettled() {
    return loop.status().values().stream()
        .allMatch(status -> status.setAside().isEmpty() && status.pendingSinceNanos().isEmpty());
  }

  FamilyStatus status(IpFamily family) {
    return Objects.requireNonNull(loop.status().get(family));
  }

  NodePlan desired(IpFamily family) {
    return Objects.requireNonNull(status(family).desired());
  }

  NodePlan installed(IpFamily family) {
    return Objects.requireNonNull(status(family).installed());
  }

  void assertInstalled() {
    assertThat(kernel4.holds(desired(IpFamily.IPV4))).isTrue();
    assertThat(kernel6.holds(desired(IpFamily.IPV6))).isTrue();
    for (FamilyStatus status : loop.status().values()) {
      assertThat(status.installedRevision()).isEqualTo(loop.snapshot().revision());
      assertThat(status.installed()).isEqualTo(status.desired());
      assertThat(status.setAside()).isEmpty();
      assertThat(status.pendingSinceNanos()).isEmpty();
    }
  }
}
