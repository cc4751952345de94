package kubeproxy.engine;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.engine.SyncEvent.SyncReport;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;
import org.jspecify.annotations.Nullable;

/// Brings the kernel to the plan of one family: what is wanted, what is installed, what differs,
/// and what to do about every outcome. Used by the sync thread only.
///
/// Invariant: outside of [#run], the wanted plan and the installed one differ at most in the
/// gathered changes and the Services set aside.
final class FamilySync {
  /// Rounds of one sync. One is enough when the kernel names every refused Service at once; a few
  /// more when refusals hide others.
  static final int MAX_ROUNDS = 8;

  private PlanSource planner;
  private final Dataplane dataplane;
  private final SyncObserver observer;
  private final StatusBoard board;
  private final LongSupplier clock;
  private final IpFamily family;

  private final SyncScheduler scheduler;
  private final SetAsideServices setAside = new SetAsideServices();
  private final PlanChanges changes = new PlanChanges();
  private final TriggerTimes triggers = new TriggerTimes();
  private final PublishedHealthChecks healthChecks = new PublishedHealthChecks();
  private final Shortcomings shortcomings;

  private FamilyStatus status;
  private long position = -1;
  private @Nullable NodePlan desired;

  /// Whether the planner has not made a plan yet; its first step tells nothing of differences.
  private boolean newPlanner;

  /// Whether the kernel may have held other things than what was acknowledged last.
  private boolean uncertain = true;

  FamilySync(SyncMember member, SyncObserver observer, StatusBoard board, LongSupplier clock) {
    this.planner = member.planner();
    this.dataplane = member.dataplane();
    this.observer = observer;
    this.board = board;
    this.clock = clock;
    this.family = dataplane.family();
    this.scheduler = new SyncScheduler(member.pacing());
    this.shortcomings = new Shortcomings(family, observer);
    this.status = FamilyStatus.initial(family);
  }

  IpFamily family() {
    return family;
  }

  /// Takes the planner and the pacing of another configuration. A plan is to be made next.
  void reconfigure(Reconfiguration next) {
    planner = next.planner();
    newPlanner = true;
    scheduler.pace(next.pacing());
  }

  /// Makes the plan for a new snapshot, new facts or a new configuration.
  void plan(ClusterSnapshot snapshot, NodeFacts facts, ClusterChange change) {
    long start = clock.getAsLong();
    Planner.Step step = planner.update(snapshot, facts, change);
    long duration = clock.getAsLong() - start;
    NodePlan before = desired;
    PlanDelta delta = step.delta();
    if (newPlanner && before != null) {
      delta = PlanDelta.between(before, step.plan());
      observer.on(new SyncEvent.Reconfigured(family, delta));
    }
    newPlanner = false;
    desired = step.plan();
    changes.add(delta);
    setAside.release(delta.services());
    observer.on(new SyncEvent.Planned(family, snapshot.revision(), step.plan(), delta, duration));
    reportProblems(before, step.plan());
    if (!changes.isEmpty() || before == null) {
      scheduler.request();
      observer.on(new SyncEvent.Queued(family, snapshot.revision()));
    }
  }

  /// Whether the last plan is installed, except for Services set aside.
  boolean isCurrent() {
    return status.installedRevision() == status.desiredRevision();
  }

  /// Changes of endpoints come with the next plan, or with none because they make no difference.
  ///
  /// @param times when they were made; those of other families are not of interest
  /// @param removed slices that are gone
  void triggered(TriggerTimes times, Collection<ObjectKey> removed) {
    removed.forEach(triggers::remove);
    triggers.addAll(times, family);
  }

  /// All that was put up to `newPosition` is in the plan of this revision.
  void reached(long revision, long newPosition) {
    position = newPosition;
    boolean current = changes.isEmpty() && status.installed() != null && !scheduler.isFailing();
    if (current) {
      programmed(setAside.aside());
    }
    OptionalLong pendingSince = status.pendingSinceNanos();
    if (!current && pendingSince.isEmpty()) {
      pendingSince = OptionalLong.of(clock.getAsLong());
    }
    publish(
        new FamilyStatus(
            family,
            revision,
            current ? revision : status.installedRevision(),
            current ? newPosition : status.installedPosition(),
            status.appliedNanos(),
            pendingSince,
            status.setAside(),
            desired,
            status.installed()));
  }

  /// Someone else changed what is installed.
  void noticeDrift() {
    scheduler.driftNoticed(clock.getAsLong());
    observer.on(new SyncEvent.DriftNoticed(family));
  }

  /// Syncs if it is time to.
  void run() {
    long now = clock.getAsLong();
    boolean mayTry = scheduler.notBefore() <= now;
    if (scheduler.isDue(now)) {
      sync(scheduler.isObserveDue(now));
    }
    if (mayTry && isInstalled() && setAside.nextRetryAt() <= clock.getAsLong()) {
      tryAgain();
    }
  }

  /// When [#run] has something to do if nothing more arrives, or [SyncScheduler#NEVER].
  long nextRunAt() {
    long sync = scheduler.nextRunAt();
    long retry = isInstalled() ? setAside.nextRetryAt() : SyncScheduler.NEVER;
    return retry == SyncScheduler.NEVER
        ? sync
        : Math.min(sync, Math.max(retry, scheduler.notBefore()));
  }

  /// Before this time [#run] does nothing.
  long notBefore() {
    return scheduler.notBefore();
  }

  void close() {
    dataplane.close();
  }

  private boolean isInstalled() {
    return status.installed() != null && changes.isEmpty() && !scheduler.isFailing();
  }

  /// Installs what is wanted, except for Services that the kernel refuses.
  private void sync(boolean observeDue) {
    boolean observe = observeDue;
    boolean observedAgain = false;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      switch (attempt(observe)) {
        case SyncOutcome.Applied _ -> {
          return;
        }
        case SyncOutcome.Rejected rejected -> {
          if (!setAsideNamed(rejected.refusals())) {
            fail(describe(rejected.refusals()));
            return;
          }
        }
        case SyncOutcome.Indeterminate indeterminate -> {
          if (observedAgain) {
            fail(indeterminate.reason());
            return;
          }
          observe = true;
          observedAgain = true;
        }
      }
    }
    fail("still refused after " + MAX_ROUNDS + " rounds");
  }

  /// Tries the Services whose back-off has passed, apart from other changes, so that they cannot
  /// hold these up: unlike in [#sync], a failure of the whole puts them back and fails nothing.
  private void tryAgain() {
    Set<ObjectKey> trial = setAside.takeDue(clock.getAsLong());
    changes.addServices(trial);
    for (int round = 0; round < MAX_ROUNDS && !changes.isEmpty(); round++) {
      switch (attempt(false)) {
        case SyncOutcome.Applied _ -> {
          return;
        }
        case SyncOutcome.Rejected rejected -> {
          if (!setAsideNamed(rejected.refusals())) {
            putBack(trial);
          }
        }
        case SyncOutcome.Indeterminate _ -> {
          putBack(trial);
          sync(true);
          return;
        }
      }
    }
    putBack(trial);
    scheduler.tried(clock.getAsLong());
    publishSetAside();
  }

  private void putBack(Set<ObjectKey> trial) {
    Set<ObjectKey> untold = new HashSet<>(trial);
    untold.removeIf(setAside::isAside);
    setAside.putBack(untold, clock.getAsLong());
    changes.removeServices(trial);
  }

  private static String describe(List<Refusal> refusals) {
    Refusal first = refusals.getFirst();
    String text = first.operation() + ": " + first.error() + " " + first.detail();
    return refusals.size() == 1 ? text : text + " (the first of " + refusals.size() + ")";
  }

  /// One call of the data plane and what it means in any case.
  private SyncOutcome attempt(boolean observe) {
    NodePlan plan = Objects.requireNonNull(desired);
    Set<ObjectKey> aside = setAside.aside();
    SyncRequest request = new SyncRequest(plan, changes.toDelta(), observe, aside);
    long start = clock.getAsLong();
    SyncOutcome outcome = dataplane.sync(request);
    long duration = clock.getAsLong() - start;
    shortcomings.follow(dataplane.problems());
    switch (outcome) {
      case SyncOutcome.Applied applied -> {
        NodePlan installed = PlanChanges.installed(plan, status.installed(), aside);
        settle(
            request,
            installed,
            new SyncReport(
                status.desiredRevision(),
                observe,
                applied.operations(),
                applied.repaired(),
                duration));
      }
      case SyncOutcome.Rejected rejected ->
          observer.on(new SyncEvent.Rejected(family, rejected.refusals(), observe, duration));
      case SyncOutcome.Indeterminate indeterminate -> {
        uncertain = true;
        observer.on(new SyncEvent.Indeterminate(family, indeterminate.reason(), observe, duration));
      }
    }
    return outcome;
  }

  /// Sets the Services aside that the kernel named.
  ///
  /// @return whether that changes the next request
  private boolean setAsideNamed(List<Refusal> refusals) {
    boolean progress = false;
    for (Refusal refusal : refusals) {
      ObjectKey service = refusal.service();
      if (service != null && !setAside.isAside(service)) {
        progress = true;
        changes.removeServices(Set.of(service));
        SetAsideService entry = setAside.refuse(service, refusal, clock.getAsLong());
        observer.on(new SyncEvent.SetAside(family, entry));
      }
    }
    return progress;
  }

  /// The kernel holds `installed` now.
  private void settle(SyncRequest request, NodePlan installed, SyncReport report) {
    NodePlan before = status.installed();
    long now = clock.getAsLong();
    changes.clear();
    scheduler.succeeded(now, report.observed());
    List<SetAsideService> restored = setAside.settle();
    // others, or a sync with an unknown end, may have changed a Service while it was set aside
    boolean known = !uncertain && restored.isEmpty();
    uncertain = false;
    observer.on(
        new SyncEvent.Synced(family, known ? before : null, installed, request.delta(), report));
    programmed(request.setAside());
    restored.forEach(service -> observer.on(new SyncEvent.Restored(family, service)));
    healthChecks
        .follow(installed, before == null ? null : request.delta())
        .ifPresent(checks -> observer.on(new SyncEvent.HealthChecksChanged(family, checks)));
    // Last, so that who waits for it finds that the observers know.
    publish(
        new FamilyStatus(
            family,
            report.revision(),
            report.revision(),
            position,
            OptionalLong.of(now),
            OptionalLong.empty(),
            setAside.list(),
            desired,
            installed));
  }

  /// What is wanted is installed, except for some Services.
  private void programmed(Set<ObjectKey> aside) {
    if (!triggers.isEmpty()) {
      List<Long> times = triggers.takeAllBut(aside);
      if (!times.isEmpty()) {
        observer.on(new SyncEvent.Programmed(family, times));
      }
    }
  }

  private void fail(String reason) {
    long now = clock.getAsLong();
    scheduler.failed(now);
    publishSetAside();
    observer.on(new SyncEvent.Failed(family, reason, scheduler.nextRunAt() - now));
  }

  /// Publishes the Services set aside, and that something is wanted and not installed.
  private void publishSetAside() {
    OptionalLong pendingSince = status.pendingSinceNanos();
    if (scheduler.isFailing() && pendingSince.isEmpty()) {
      pendingSince = OptionalLong.of(clock.getAsLong());
    }
    publish(
        new FamilyStatus(
            family,
            status.desiredRevision(),
            status.installedRevision(),
            status.installedPosition(),
            status.appliedNanos(),
            pendingSince,
            setAside.list(),
            desired,
            status.installed()));
  }

  private void publish(FamilyStatus next) {
    status = next;
    board.publish(next);
  }

  private void reportProblems(@Nullable NodePlan before, NodePlan after) {
    PersistentMap<ObjectKey, List<Problem>> old =
        before == null ? PersistentMap.empty() : before.problems();
    if (old.equals(after.problems())) {
      return;
    }
    observer.on(
        new SyncEvent.ProblemsChanged(
            family,
            PlanChanges.problemsOnlyIn(after.problems(), old),
            PlanChanges.problemsOnlyIn(old, after.problems())));
  }
}
