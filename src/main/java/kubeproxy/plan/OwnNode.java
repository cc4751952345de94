package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Label;
import kubeproxy.model.Node;
import org.jspecify.annotations.Nullable;

/// What the plan of every Service depends on besides the Service: when it changes, all are planned
/// anew.
///
/// @param name our Node's name; empty if unknown, and then no endpoint is on this node
/// @param zone our Node's zone, or null
/// @param addresses our Node's addresses of the plan's family, in the order of the Node
/// @param labels our Node's labels if they matter, which they do to `spec.topologyKeys`; else empty
record OwnNode(String name, @Nullable String zone, List<IpAddress> addresses, List<Label> labels) {

  OwnNode {
    addresses = List.copyOf(addresses);
    labels = List.copyOf(labels);
  }

  /// Our Node as the snapshot has it, without zone and addresses while it is unknown. A configured
  /// address takes the place of those of its family.
  static OwnNode of(PlanConfig config, ClusterSnapshot snapshot) {
    Node node = snapshot.node(config.nodeName());
    List<IpAddress> known = node == null ? List.of() : node.addresses();
    List<IpAddress> addresses =
        config
            .bindAddress()
            .filter(address -> address.family() == config.family())
            .map(List::of)
            .orElseGet(() -> ofFamily(known, config.family()));
    return new OwnNode(
        config.nodeName(),
        node == null ? null : node.zone(),
        addresses,
        node == null || !config.serviceTopology() ? List.of() : node.labels());
  }

  private static List<IpAddress> ofFamily(List<IpAddress> addresses, IpFamily family) {
    return Sublists.matching(addresses, address -> address.family() == family);
  }

  /// Whether an endpoint with that `nodeName` is on this node.
  boolean hosts(@Nullable String nodeName) {
    return !name.isEmpty() && name.equals(nodeName);
  }
}
