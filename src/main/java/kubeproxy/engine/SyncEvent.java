package kubeproxy.engine;

import java.util.List;
import java.util.SortedMap;
import kubeproxy.dataplane.Refusal;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import org.jspecify.annotations.Nullable;

/// Something the engine did. Durations are in nanoseconds.
public sealed interface SyncEvent {

  /// Changes arrived and differ from what was known.
  ///
  /// @param revision of the snapshot with them
  /// @param services Services put or removed
  /// @param endpointSlices EndpointSlices put or removed
  record Folded(long revision, int services, int endpointSlices) implements SyncEvent {}

  /// The facts of this node are others than before, or known for the first time.
  record FactsChanged(NodeFacts facts) implements SyncEvent {}

  /// A running family goes by another configuration now.
  ///
  /// @param delta where what is wanted differs from what was wanted before
  record Reconfigured(IpFamily family, PlanDelta delta) implements SyncEvent {}

  /// A plan was made.
  ///
  /// @param delta where it differs from the plan before
  record Planned(IpFamily family, long revision, NodePlan plan, PlanDelta delta, long durationNanos)
      implements SyncEvent {}

  /// The plan cannot carry out other things than before. Both lists are sorted.
  record ProblemsChanged(IpFamily family, List<Problem> appeared, List<Problem> cleared)
      implements SyncEvent {}

  /// A sync was asked for.
  record Queued(IpFamily family, long revision) implements SyncEvent {}

  /// Someone else changed what we installed; it will be read back soon.
  record DriftNoticed(IpFamily family) implements SyncEvent {}

  /// The kernel acknowledged a plan.
  ///
  /// @param before what was installed before, or null if that is not known: for the first time in
  ///   this process, after an indeterminate outcome, and for Services that were set aside
  /// @param installed what is installed now
  /// @param changes where it differs from what was acknowledged before
  /// @param report what it took
  record Synced(
      IpFamily family,
      @Nullable NodePlan before,
      NodePlan installed,
      PlanDelta changes,
      SyncReport report)
      implements SyncEvent {}

  /// Changes of endpoints are in the kernel.
  ///
  /// @param triggers when they were made in the cluster, in milliseconds since the epoch, sorted
  record Programmed(IpFamily family, List<Long> triggers) implements SyncEvent {
    public Programmed {
      triggers = List.copyOf(triggers);
    }
  }

  /// What a sync took.
  ///
  /// @param revision of the snapshot that is installed now
  /// @param observed whether the kernel's content was read back
  /// @param operations how many objects, elements or rules were written
  /// @param repaired how many of them were someone else's doing
  /// @param durationNanos of the successful round alone
  record SyncReport(
      long revision, boolean observed, int operations, int repaired, long durationNanos) {}

  /// The kernel refused a sync and holds what it held before.
  ///
  /// @param observed whether its content had been read back for that sync
  record Rejected(IpFamily family, List<Refusal> refusals, boolean observed, long durationNanos)
      implements SyncEvent {}

  /// A Service will be left as it is installed. The first time has [SetAsideService#refusals] 1.
  record SetAside(IpFamily family, SetAsideService service) implements SyncEvent {}

  /// A Service that had been set aside is installed as wanted.
  record Restored(IpFamily family, SetAsideService service) implements SyncEvent {}

  /// It is unknown what the kernel holds; it will be read back.
  ///
  /// @param observed whether it was read back before, and that did not help
  record Indeterminate(IpFamily family, String reason, boolean observed, long durationNanos)
      implements SyncEvent {}

  /// A family could not be synced.
  ///
  /// @param retryNanos after this time it is tried again, unless something changes before
  record Failed(IpFamily family, String reason, long retryNanos) implements SyncEvent {}

  /// What load balancers are to be told changed.
  ///
  /// @param checks of all Services that have one
  record HealthChecksChanged(IpFamily family, SortedMap<ObjectKey, HealthCheck> checks)
      implements SyncEvent {}

  /// The table of flows was searched for stale ones. Comes from the thread of the [FlowCleaner].
  record FlowsCleaned(IpFamily family, FlowReport report) implements SyncEvent {}

  /// What a search took.
  ///
  /// @param listed UDP flows looked at
  /// @param deleted stale ones that are gone now
  /// @param failed stale ones that could not be deleted
  /// @param problem why it has to be repeated, or empty
  record FlowReport(int listed, int deleted, int failed, String problem, long durationNanos) {

    /// Whether no stale flow is left.
    public boolean isClean() {
      return problem.isEmpty();
    }
  }
}
