package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpAddress;

/// What the node itself knows, besides the cluster.
///
/// @param localAddresses the addresses of all interfaces of this node, both families, sorted
public record NodeFacts(List<IpAddress> localAddresses) {

  public NodeFacts {
    localAddresses = List.copyOf(localAddresses);
  }
}
