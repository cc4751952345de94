package kubeproxy.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// Where the wanted plan of one family may differ from the installed one, gathered until a sync
/// succeeds. Not thread-safe.
final class PlanChanges {
  private final Set<ObjectKey> services = new HashSet<>();
  private boolean settings;

  void add(PlanDelta delta) {
    services.addAll(delta.services());
    settings |= delta.settings();
  }

  void addServices(Collection<ObjectKey> changed) {
    services.addAll(changed);
  }

  void removeServices(Collection<ObjectKey> unchanged) {
    services.removeAll(unchanged);
  }

  boolean isEmpty() {
    return services.isEmpty() && !settings;
  }

  PlanDelta toDelta() {
    return new PlanDelta(services, settings);
  }

  void clear() {
    services.clear();
    settings = false;
  }

  /// The plan that is installed once `desired` is, with some Services left as they were.
  static NodePlan installed(NodePlan desired, @Nullable NodePlan before, Set<ObjectKey> aside) {
    if (aside.isEmpty()) {
      return desired;
    }
    Map<ObjectKey, @Nullable PlannedService> kept = new HashMap<>();
    for (ObjectKey service : aside) {
      kept.put(service, before == null ? null : before.services().get(service));
    }
    return new NodePlan(
        desired.family(), desired.settings(), desired.services().with(kept), desired.problems());
  }

  /// The problems of one plan that another does not have, sorted.
  static List<Problem> problemsOnlyIn(
      PersistentMap<ObjectKey, List<Problem>> some, PersistentMap<ObjectKey, List<Problem>> other) {
    List<Problem> only = new ArrayList<>();
    some.forEach((service, problems) -> {
      List<Problem> others = other.get(service);
      for (Problem problem : problems) {
        if (others == null || !others.contains(problem)) {
          only.add(problem);
        }
      }
    });
    only.sort(null);
    return only;
  }
}
