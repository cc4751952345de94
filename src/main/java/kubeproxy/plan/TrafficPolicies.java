package kubeproxy.plan;

import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;

/// The traffic policies of a Service port as far as they have an effect.
///
/// @param internalLocal whether traffic to the cluster IP stays on the node
/// @param externalLocal whether traffic to external addresses and node ports stays on the node
/// @param external whether the port has any external address or node port
record TrafficPolicies(boolean internalLocal, boolean externalLocal, boolean external) {

  static TrafficPolicies of(Service service, ServicePort port, ServiceAddresses addresses) {
    return new TrafficPolicies(
        service.internalTrafficPolicy() == TrafficPolicy.LOCAL,
        isExternalLocal(service),
        port.nodePort() != 0
            || !addresses.loadBalancer().isEmpty()
            || !addresses.external().isEmpty());
  }

  /// Whether `externalTrafficPolicy: Local` is set where the API gives it a meaning.
  static boolean isExternalLocal(Service service) {
    return service.externalTrafficPolicy() == TrafficPolicy.LOCAL
        && switch (service.type()) {
          case NODE_PORT, LOAD_BALANCER -> true;
          case CLUSTER_IP -> !service.externalIps().isEmpty();
          case EXTERNAL_NAME -> false;
        };
  }

  /// The port that load balancers ask for the health of a Service on this node, or 0.
  static int healthCheckNodePort(Service service) {
    return service.type() == ServiceType.LOAD_BALANCER && isExternalLocal(service)
        ? service.healthCheckNodePort()
        : 0;
  }

  /// Whether some traffic may go to any endpoint. With an external policy of Local it still does:
  /// what pods and the node itself send to external addresses.
  boolean usesCluster() {
    return !internalLocal || external;
  }

  /// Whether some traffic may go to endpoints of this node only.
  boolean usesLocal() {
    return internalLocal || (externalLocal && external);
  }
}
