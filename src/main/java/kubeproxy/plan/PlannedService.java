package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;

/// A Service as this node carries it out in one family.
///
/// @param ports in the order of the Service object; at least one
/// @param ownedClusterIps the cluster IPs (at most one a family) that this Service owns; each is
///     with one owner only
/// @param healthCheckNodePort port on which load balancers ask about local endpoints, or 0; each is
///     with one owner only
/// @param localReadyEndpoints distinct addresses of ready endpoints on this node, over all ports
public record PlannedService(
    ObjectKey key,
    List<PlannedPort> ports,
    List<IpAddress> ownedClusterIps,
    int healthCheckNodePort,
    int localReadyEndpoints) {

  public PlannedService {
    ports = List.copyOf(ports);
    ownedClusterIps = List.copyOf(ownedClusterIps);
  }
}
