package kubeproxy.plan;

import java.util.Set;
import kubeproxy.model.ObjectKey;

/// Where a plan differs from the one before in what becomes of packets; [NodePlan#problems] may
/// differ besides.
///
/// @param services Services added, changed or gone
/// @param settings whether the node's settings differ
public record PlanDelta(Set<ObjectKey> services, boolean settings) {

  /// No difference.
  public static final PlanDelta NONE = new PlanDelta(Set.of(), false);

  public PlanDelta {
    services = Set.copyOf(services);
  }

  /// Whether nothing differs.
  public boolean isEmpty() {
    return services.isEmpty() && !settings;
  }
}
