package kubeproxy.engine;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// The health checks of the installed plan, followed change by change, so that their upkeep does
/// not grow with the cluster. Not thread-safe.
final class PublishedHealthChecks {
  private final SortedMap<ObjectKey, HealthCheck> checks = new TreeMap<>();
  private boolean published;

  /// Follows what was installed.
  ///
  /// @param delta where it differs from the last time, or null for the first
  /// @return all health checks, if any of them changed or it is the first time
  Optional<SortedMap<ObjectKey, HealthCheck>> follow(
      NodePlan installed, @Nullable PlanDelta delta) {
    boolean changed = !published;
    if (delta == null) {
      installed.services().forEach(this::put);
    } else {
      for (ObjectKey service : delta.services()) {
        changed |= put(service, installed.services().get(service));
      }
    }
    published = true;
    return changed
        ? Optional.of(Collections.unmodifiableSortedMap(new TreeMap<>(checks)))
        : Optional.empty();
  }

  private boolean put(ObjectKey service, @Nullable PlannedService planned) {
    if (planned == null || planned.healthCheckNodePort() == 0) {
      return checks.remove(service) != null;
    }
    HealthCheck check =
        new HealthCheck(planned.healthCheckNodePort(), planned.localReadyEndpoints());
    return !check.equals(checks.put(service, check));
  }
}
