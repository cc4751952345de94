package kubeproxy.plan;

import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;

/// Makes the plan of one family, following changes. Used by one thread.
///
/// For any sequence of changes, `update` ends in a plan equal to what a new planner makes of the
/// last snapshot: it keeps, besides the last plan, only an index of who claims which address.
public final class Planner {

  /// A plan and where it differs from the one before.
  public record Step(NodePlan plan, PlanDelta delta) {}

  /// A planner that has seen nothing yet.
  public Planner(PlanConfig config) {}

  /// The plan for a snapshot.
  ///
  /// @param change where the snapshot differs from the last one given; for the first call it is
  ///     ignored
  public Step update(ClusterSnapshot snapshot, NodeFacts facts, ClusterChange change) {
    throw new UnsupportedOperationException();
  }
}
