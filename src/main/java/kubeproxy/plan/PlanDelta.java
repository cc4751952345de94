package kubeproxy.plan;

import java.util.HashSet;
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

  /// Where `after` differs from `before`, found by looking at every Service of both.
  public static PlanDelta between(NodePlan before, NodePlan after) {
    Set<ObjectKey> differing = new HashSet<>();
    after
        .services()
        .forEach((key, service) -> {
          if (!service.equals(before.services().get(key))) {
            differing.add(key);
          }
        });
    before
        .services()
        .forEach((key, _) -> {
          if (after.services().get(key) == null) {
            differing.add(key);
          }
        });
    return new PlanDelta(differing, !before.settings().equals(after.settings()));
  }

  /// Whether nothing differs.
  public boolean isEmpty() {
    return services.isEmpty() && !settings;
  }
}
