package kubeproxy.dataplane;

import java.util.Set;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;

/// What is to be carried out.
///
/// @param plan the truth
/// @param delta a hint where the plan differs from the one of the last applied request
/// @param observe whether to read back what the kernel holds first and ignore the hint: at the
///     start, after an indeterminate outcome, and on a slow period
/// @param setAside Services to leave as they are installed, because the kernel refused their change
public record SyncRequest(
    NodePlan plan, PlanDelta delta, boolean observe, Set<ObjectKey> setAside) {

  public SyncRequest {
    setAside = Set.copyOf(setAside);
  }
}
