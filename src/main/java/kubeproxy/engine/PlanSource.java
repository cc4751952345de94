package kubeproxy.engine;

import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.Planner;

/// Makes the plans of one family: [Planner#update]. Called by the sync thread only.
@FunctionalInterface
public interface PlanSource {

  /// The plan for a snapshot; see [Planner#update].
  Planner.Step update(ClusterSnapshot snapshot, NodeFacts facts, ClusterChange change);
}
