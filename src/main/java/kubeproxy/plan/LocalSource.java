package kubeproxy.plan;

import kubeproxy.model.IpPrefix;

/// How a packet is recognised as coming from a pod of this node (or of the cluster, with a cluster
/// CIDR): `--detect-local-mode`.
public sealed interface LocalSource {

  /// It cannot be told; nothing is then masqueraded or short-circuited by origin.
  record Unknown() implements LocalSource {}

  /// By its source address (`ClusterCIDR`, `NodeCIDR`).
  record FromPrefix(IpPrefix prefix) implements LocalSource {}

  /// By the interface it arrives on (`BridgeInterface`).
  record FromInterface(String name) implements LocalSource {}

  /// By the first characters of that interface's name (`InterfaceNamePrefix`).
  record FromInterfacePrefix(String prefix) implements LocalSource {}
}
