package kubeproxy.ipvs.compile;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;

/// The node as the compiler sees it. A virtual server has an address, so unlike other modes this
/// one has to know all addresses of the node, which are no part of a plan.
///
/// @param ownAddresses those of the plan's family on all interfaces but that of the mode, sorted
public record NodeView(NodeSettings settings, List<IpAddress> ownAddresses) {

  public NodeView {
    ownAddresses = List.copyOf(ownAddresses);
  }

  /// The addresses on which node ports answer. Loopback is not among them: what comes from there
  /// would be sent on with a source that leads nowhere.
  public List<IpAddress> nodePortAddresses() {
    return switch (settings.nodePortAddresses()) {
      case NodePortAddresses.AllLocal() ->
          ownAddresses.stream()
              .filter(address -> !address.isLoopback() && !isUnroutable(address))
              .toList();
      case NodePortAddresses.Only(List<IpAddress> addresses) -> addresses;
    };
  }

  /// An IPv6 address that is good on one link only.
  private static boolean isUnroutable(IpAddress address) {
    return address.isLinkLocal() && address.family() == IpFamily.IPV6;
  }
}
