package kubeproxy.userspace.compile;

import java.util.Set;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;

/// The addresses and ports that lead back into the relay. An endpoint there would be a connection
/// of the relay to itself, which becomes another one, and so on until nothing is left: it is no
/// endpoint.
///
/// @param destinations addresses and ports of Services, and of listeners
/// @param nodePorts ports that are served on
/// @param nodeAddresses addresses of this node
public record OwnPlaces(
    Set<Place> destinations, Set<NodePort> nodePorts, Set<IpAddress> nodeAddresses) {

  /// None.
  public static final OwnPlaces NONE = new OwnPlaces(Set.of(), Set.of(), Set.of());

  /// An address and port.
  public record Place(Protocol protocol, Backend backend) {}

  /// A port on all addresses of the node.
  public record NodePort(Protocol protocol, int port) {}

  public OwnPlaces {
    destinations = Set.copyOf(destinations);
    nodePorts = Set.copyOf(nodePorts);
    nodeAddresses = Set.copyOf(nodeAddresses);
  }

  /// Whether a connection there would come back.
  public boolean contain(Protocol protocol, Backend backend) {
    if (destinations.contains(new Place(protocol, backend))) {
      return true;
    }
    IpAddress address = backend.address();
    return nodePorts.contains(new NodePort(protocol, backend.port()))
        && (address.isLoopback() || nodeAddresses.contains(address));
  }
}
