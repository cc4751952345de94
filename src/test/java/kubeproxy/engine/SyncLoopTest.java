package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;
import static kubeproxy.testing.Cluster.service;
import static kubeproxy.testing.Cluster.serviceId;
import static kubeproxy.testing.Cluster.udpService;
import static kubeproxy.testing.Cluster.udpSlice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.FakeKernel.Fault;
import org.junit.jupiter.api.Test;

class SyncLoopTest {
  private final LoopFixture at = new LoopFixture();
  private final Service a = udpService("a", "10.0.0.1", "fd00::1");
  private final Service b = udpService("b", "10.0.0.2", "fd00::2");

  @Test
  void nothingHappensBeforeTheSourcesAreSynced() {
    at.put(a);
    assertThat(at.loop.step()).isEqualTo(SyncScheduler.NEVER);
    assertThat(at.dataplane4.requests()).isEmpty();
    assertThat(at.status(IpFamily.IPV4).installedRevision()).isEqualTo(-1);
  }

  @Test
  void theFirstSyncObservesAndInstallsEverything() {
    at.kernel4.gain(planned("left-over"));
    at.begin(a, b);

    at.assertInstalled();
    assertThat(at.dataplane4.requests()).singleElement().matches(SyncRequest::observe);
    SyncEvent.Synced synced = at.events.last(SyncEvent.Synced.class);
    assertThat(synced.family()).isEqualTo(IpFamily.IPV6);
    assertThat(synced.before()).isNull();
    assertThat(synced.report().revision()).isEqualTo(1);
  }

  @Test
  void anEmptyClusterIsSyncedToo() {
    at.kernel4.gain(planned("left-over"));
    at.begin();

    at.assertInstalled();
  }

  @Test
  void aChangeGoesToTheFamilyItConcerns() {
    at.begin(a, b);
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1"));
    at.stepLater();

    at.assertInstalled();
    assertThat(at.dataplane4.requests()).hasSize(2);
    SyncRequest request = at.dataplane4.requests().getLast();
    assertThat(request.observe()).isFalse();
    assertThat(request.delta().services()).containsExactly(key("a"));
    assertThat(at.dataplane6.requests()).hasSize(1);
    assertThat(at.status(IpFamily.IPV6).installedRevision()).isEqualTo(2);
  }

  @Test
  void anEqualObjectCausesNothing() {
    at.begin(a);
    at.put(a);
    at.stepLater();

    assertThat(at.dataplane4.requests()).hasSize(1);
    assertThat(at.events.of(SyncEvent.Planned.class)).isEmpty();
    assertThat(at.status(IpFamily.IPV4).installedPosition()).isEqualTo(2);
  }

  @Test
  void changesWithinTheMinimumIntervalShareOneSync() {
    at.begin(a);
    at.put(b);
    at.step();
    at.remove(serviceId("a"));
    at.step();
    assertThat(at.dataplane4.requests()).hasSize(1);
    assertThat(at.status(IpFamily.IPV4).pendingSinceNanos()).hasValue(0);
    assertThat(at.status(IpFamily.IPV4).installedRevision()).isEqualTo(1);

    at.stepLater();
    at.assertInstalled();
    assertThat(at.dataplane4.requests()).hasSize(2);
    assertThat(at.dataplane4.requests().getLast().delta().services())
        .containsExactlyInAnyOrder(key("a"), key("b"));
  }

  @Test
  void theMinimumIntervalCountsFromTheEndOfASync() {
    at.dataplane4.setDuringSync(() -> at.clock.advance(Duration.ofSeconds(5)));
    at.begin(a);
    at.put(b);

    assertThat(at.loop.step()).isEqualTo(Duration.ofSeconds(6).toNanos());
  }

  @Test
  void aRejectionThatNamesNobodyIsRetriedLaterWithObserve() {
    at.begin(a);
    at.kernel4.setFaults(call -> call == 1 ? Fault.REJECT : Fault.NONE);
    at.put(b);
    at.stepLater();

    assertThat(at.dataplane4.requests()).hasSize(2);
    assertThat(at.kernel6.holds(at.desired(IpFamily.IPV6))).isTrue();
    assertThat(at.status(IpFamily.IPV6).installedRevision()).isEqualTo(2);
    assertThat(at.status(IpFamily.IPV4).installedRevision()).isEqualTo(1);
    SyncEvent.Failed failed = at.events.last(SyncEvent.Failed.class);
    assertThat(failed.family()).isEqualTo(IpFamily.IPV4);
    assertThat(failed.retryNanos()).isEqualTo(LoopFixture.PACING.retryInterval().toNanos());

    at.clock.advance(LoopFixture.PACING.retryInterval().minusNanos(1));
    at.step();
    assertThat(at.dataplane4.requests()).hasSize(2);
    at.clock.advance(Duration.ofNanos(1));
    at.step();
    at.assertInstalled();
    assertThat(at.dataplane4.requests().getLast().observe()).isTrue();
    assertThat(at.dataplane4.requests().getLast().delta().services()).containsExactly(key("b"));
  }

  @Test
  void aChangeComesBeforeTheRetryAndCarriesWhatFailed() {
    at.begin(a);
    at.kernel4.setFaults(call -> call == 1 ? Fault.REJECT : Fault.NONE);
    at.put(b);
    at.stepLater();
    at.put(udpSlice(IpFamily.IPV4, "a", "10.1.0.1"));
    at.stepLater();

    at.assertInstalled();
    assertThat(at.dataplane4.requests().getLast().delta().services())
        .containsExactlyInAnyOrder(key("a"), key("b"));
  }

  @Test
  void anIndeterminateOutcomeIsFollowedByReadingBackAtOnce() {
    for (Fault fault : List.of(Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER)) {
      LoopFixture one = new LoopFixture();
      one.begin(a);
      one.kernel4.setFaults(call -> call == 1 ? fault : Fault.NONE);
      one.put(b);
      one.stepLater();

      one.assertInstalled();
      assertThat(one.dataplane4.requests()).hasSize(3);
      assertThat(one.dataplane4.requests().getLast().observe()).isTrue();
      SyncEvent.Synced synced =
          one.events.of(SyncEvent.Synced.class).stream()
              .filter(event -> event.family() == IpFamily.IPV4)
              .toList()
              .getLast();
      assertThat(synced.before()).as("what was installed is not known").isNull();
    }
  }

  @Test
  void twoIndeterminateOutcomesWaitForTheRetry() {
    at.begin(a);
    at.kernel4.setFaults(call -> call <= 2 ? Fault.UNKNOWN_BEFORE : Fault.NONE);
    at.put(b);
    at.stepLater();

    assertThat(at.dataplane4.requests()).hasSize(3);
    assertThat(at.events.of(SyncEvent.Failed.class)).hasSize(1);
    at.clock.advance(LoopFixture.PACING.retryInterval());
    at.step();
    at.assertInstalled();
  }

  @Test
  void driftIsRepaired() {
    at.begin(a, b);
    at.kernel4.lose(key("a"));
    at.inbox.noticeDrift(IpFamily.IPV4);
    at.stepLater();

    at.assertInstalled();
    assertThat(at.dataplane6.requests()).hasSize(1);
    assertThat(at.events.last(SyncEvent.Synced.class).report().repaired()).isEqualTo(1);
  }

  @Test
  void driftThatNobodyNoticedIsRepairedWithinTheHour() {
    at.begin(a, b);
    at.kernel6.lose(key("b"));
    at.clock.advance(SyncPacing.OBSERVE_INTERVAL);
    at.step();

    at.assertInstalled();
  }

  @Test
  void newFactsAreANewPlan() {
    at.begin(a);
    NodeFacts facts = new NodeFacts(List.of(IpAddress.of("192.0.2.1")));
    at.source.putFacts(facts);
    at.stepLater();

    at.assertInstalled();
    assertThat(at.dataplane4.requests()).hasSize(2);
    assertThat(at.dataplane4.requests().getLast().delta().settings()).isTrue();
    assertThat(at.dataplane6.requests()).hasSize(1);
    at.source.putFacts(facts);
    at.stepLater();
    assertThat(at.events.of(SyncEvent.FactsChanged.class)).isEmpty();
  }

  @Test
  void problemsAreToldWhenTheyAppearAndWhenTheyGo() {
    Problem problem =
        new Problem("Service", key("p"), "spec.x", "y", Problem.Reason.INVALID_VALUE, "not good");
    ServicePort port = new ServicePort("", Protocol.TCP, 80, 0);
    at.begin(a, service("p", port, 0, List.of(problem), "10.0.0.9"));
    assertThat(at.events.last(SyncEvent.ProblemsChanged.class).appeared()).containsExactly(problem);

    at.put(b);
    at.stepLater();
    assertThat(at.events.of(SyncEvent.ProblemsChanged.class)).isEmpty();

    at.put(service("p", port, 0, List.of(), "10.0.0.9"));
    at.stepLater();
    SyncEvent.ProblemsChanged gone = at.events.last(SyncEvent.ProblemsChanged.class);
    assertThat(gone.cleared()).containsExactly(problem);
    assertThat(gone.appeared()).isEmpty();
  }

  @Test
  void healthChecksFollowWhatIsInstalled() {
    ServicePort port = new ServicePort("", Protocol.UDP, 53, 0);
    at.begin(a, service("h", port, 30100, List.of(), "10.0.0.9"));
    SyncEvent.HealthChecksChanged first = at.events.of(SyncEvent.HealthChecksChanged.class).get(0);
    assertThat(first.checks()).isEqualTo(Map.of(key("h"), new HealthCheck(30100, 0)));

    at.put(udpSlice(IpFamily.IPV4, "h", "10.1.0.1", "10.1.0.2"));
    at.stepLater();
    assertThat(at.events.last(SyncEvent.HealthChecksChanged.class).checks())
        .isEqualTo(Map.of(key("h"), new HealthCheck(30100, 2)));

    at.put(b);
    at.stepLater();
    assertThat(at.events.of(SyncEvent.HealthChecksChanged.class)).isEmpty();

    at.remove(serviceId("h"));
    at.stepLater();
    assertThat(at.events.last(SyncEvent.HealthChecksChanged.class).checks()).isEmpty();
  }

  @Test
  void aDataPlaneThatThrowsIsNotHidden() {
    at.begin(a);
    at.dataplane4.setDuringSync(() -> {
      throw new IllegalStateException("a bug");
    });
    at.put(b);
    at.clock.advance(Duration.ofSeconds(1));

    assertThatThrownBy(at.loop::step).hasMessage("a bug");
  }

  @Test
  void everySyncSurvivesAFailureOfItsNthCall() {
    for (Fault fault : List.of(Fault.REJECT, Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER)) {
      for (int failing = 1; failing <= 6; failing++) {
        LoopFixture one = new LoopFixture();
        int nth = failing;
        one.kernel4.setFaults(call -> call == nth ? fault : Fault.NONE);
        one.kernel6.setFaults(call -> call == nth ? fault : Fault.NONE);
        one.begin(a);
        for (int round = 0; round < 6; round++) {
          one.put(udpSlice(IpFamily.IPV4, "a", "10.1.0." + round));
          one.put(udpSlice(IpFamily.IPV6, "a", "fd01::" + round));
          one.stepLater();
        }
        one.clock.advance(LoopFixture.PACING.retryInterval());
        one.step();
        one.assertInstalled();
      }
    }
  }

  @Test
  void closingClosesTheDataPlanes() {
    at.begin(a);
    at.loop.close();

    assertThat(at.dataplane4.isClosed()).isTrue();
    assertThat(at.dataplane6.isClosed()).isTrue();
    assertThat(at.kernel4.services()).containsOnlyKeys(key("a"));
  }

  private static kubeproxy.plan.PlannedService planned(String name) {
    LoopFixture other = new LoopFixture();
    other.begin(udpService(name, "10.9.9.9", "fd00:9::9"));
    return Objects.requireNonNull(other.kernel4.services().get(key(name)));
  }

  @Test
  void theHintOfAnUnchangedPlanIsEmpty() {
    at.begin(a);
    at.inbox.noticeDrift(IpFamily.IPV4);
    at.stepLater();

    assertThat(at.dataplane4.requests().getLast().delta()).isEqualTo(PlanDelta.NONE);
  }
}
