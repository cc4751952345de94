package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.ObjectId;

/// A cluster that changes and a planner that follows.
final class PlanSteps {
  private final Planner planner;
  private ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  private NodeFacts facts = PlanFixture.NO_FACTS;

  PlanSteps() {
    this(PlanFixture.config());
  }

  PlanSteps(PlanConfig config) {
    planner = new Planner(config);
  }

  Planner.Step put(ClusterObject... objects) {
    return apply(ClusterDelta.ofPut(List.of(objects)));
  }

  Planner.Step remove(ClusterObject... objects) {
    return apply(ClusterDelta.ofRemoved(List.of(objects).stream().map(ObjectId::of).toList()));
  }

  Planner.Step learn(NodeFacts learned) {
    facts = learned;
    return planner.update(snapshot, facts, ClusterChange.NONE);
  }

  private Planner.Step apply(ClusterDelta delta) {
    ClusterSnapshot.Step step = snapshot.apply(delta);
    snapshot = step.snapshot();
    return planner.update(snapshot, facts, step.change());
  }
}
