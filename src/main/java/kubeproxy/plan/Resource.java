package kubeproxy.plan;

import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;

/// Something of which the node has one, so that it can only belong to one Service port.
sealed interface Resource {

  /// An address, protocol and port to answer on.
  record Destination(IpAddress address, Protocol protocol, int port) implements Resource {}

  /// A port to answer on, on the node's own addresses.
  record NodePort(Protocol protocol, int port) implements Resource {}

  /// A port that load balancers ask for a Service's health, on the node's own addresses.
  record HealthPort(int port) implements Resource {}

  /// An entry in the set of cluster IPs.
  record ClusterIp(IpAddress address) implements Resource {}

  /// An entry in the set of connections from an endpoint to itself.
  record Hairpin(Backend backend, Protocol protocol) implements Resource {}

  /// Whether those who do not own it lose nothing, because it works for all of them.
  default boolean isShared() {
    return switch (this) {
      case Destination _, NodePort _, HealthPort _ -> false;
      case ClusterIp _, Hairpin _ -> true;
    };
  }

  /// What a frontend occupies.
  static Resource of(Frontend frontend) {
    IpAddress address = frontend.address();
    return address == null
        ? new NodePort(frontend.protocol(), frontend.port())
        : new Destination(address, frontend.protocol(), frontend.port());
  }
}
