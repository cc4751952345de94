package kubeproxy.app;

import java.util.List;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Treatment;
import org.jspecify.annotations.Nullable;

/// Counts the Service ports that drop traffic because their policy is `Local` and no endpoint is,
/// following changes so that a sync does not have to look at every Service.
final class LocalGaps {
  private int internal;
  private int external;

  /// Ports that drop traffic to their cluster IP.
  int internal() {
    return internal;
  }

  /// Ports that drop traffic from outside.
  int external() {
    return external;
  }

  /// Follows one sync.
  ///
  /// @param before the plan counted so far, or null to count anew
  void follow(@Nullable NodePlan before, NodePlan installed, PlanDelta changes) {
    if (before == null) {
      internal = 0;
      external = 0;
      installed.services().forEach((_, service) -> count(service, 1));
      return;
    }
    for (ObjectKey key : changes.services()) {
      count(before.services().get(key), -1);
      count(installed.services().get(key), 1);
    }
  }

  private void count(@Nullable PlannedService service, int sign) {
    if (service == null) {
      return;
    }
    for (PlannedPort port : service.ports()) {
      internal += anyDrops(port.frontends(), true) ? sign : 0;
      external += anyDrops(port.frontends(), false) ? sign : 0;
    }
  }

  private static boolean anyDrops(List<Frontend> frontends, boolean clusterIp) {
    return frontends.stream()
        .filter(frontend -> (frontend.kind() == FrontendKind.CLUSTER_IP) == clusterIp)
        .anyMatch(frontend -> drops(frontend.treatment()));
  }

  private static boolean drops(Treatment treatment) {
    return switch (treatment) {
      case Treatment.Drop() -> true;
      case Treatment.ExternalLocal(var local, _) -> local.isEmpty();
      case Treatment.Reject(), Treatment.Internal(_), Treatment.ExternalCluster(_) -> false;
    };
  }
}
