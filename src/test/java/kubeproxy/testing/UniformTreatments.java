package kubeproxy.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Treatment;
import org.jspecify.annotations.Nullable;

/// Makes random plans as the planner makes them: all traffic from outside to a port has one
/// treatment, and a port named `b` with endpoints here keeps traffic to its cluster IP on the node.
public final class UniformTreatments {

  private UniformTreatments() {}

  /// The plan with uniform treatments.
  public static NodePlan of(NodePlan plan) {
    Map<ObjectKey, PlannedService> services = new HashMap<>();
    plan.services().forEach((key, service) -> services.put(key, of(service)));
    return new NodePlan(
        plan.family(),
        plan.settings(),
        PersistentMap.<ObjectKey, PlannedService>empty().with(services),
        plan.problems());
  }

  private static PlannedService of(PlannedService service) {
    return new PlannedService(
        service.key(),
        service.ports().stream().map(UniformTreatments::of).toList(),
        service.ownedClusterIps(),
        service.healthCheckNodePort(),
        service.localReadyEndpoints());
  }

  private static PlannedPort of(PlannedPort port) {
    Treatment external = null;
    for (Frontend frontend : port.frontends()) {
      if (external == null && frontend.kind() != FrontendKind.CLUSTER_IP) {
        external = frontend.treatment();
      }
    }
    boolean internalLocal =
        port.name().port().equals("b")
            && external instanceof Treatment.ExternalLocal(var local, _)
            && !local.isEmpty();
    List<Frontend> frontends = new ArrayList<>();
    for (Frontend frontend : port.frontends()) {
      frontends.add(with(frontend, treatment(frontend, external, internalLocal)));
    }
    return new PlannedPort(
        port.name(),
        port.affinityTimeoutSeconds(),
        internalLocal,
        frontends,
        port.hairpins(),
        port.serving());
  }

  private static Treatment treatment(
      Frontend frontend, @Nullable Treatment external, boolean internalLocal) {
    if (external != null && frontend.kind() != FrontendKind.CLUSTER_IP) {
      return external;
    }
    return internalLocal
            && frontend.treatment() instanceof Treatment.Internal
            && external instanceof Treatment.ExternalLocal(var local, _)
        ? new Treatment.Internal(local)
        : frontend.treatment();
  }

  private static Frontend with(Frontend frontend, Treatment treatment) {
    return new Frontend(
        frontend.kind(),
        frontend.address(),
        frontend.protocol(),
        frontend.port(),
        treatment,
        frontend.allowedSources());
  }
}
