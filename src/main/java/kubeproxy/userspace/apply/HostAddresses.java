package kubeproxy.userspace.apply;

import java.util.Collection;
import java.util.List;
import kubeproxy.model.IpAddress;

/// The node's own addresses in one family.
///
/// @param listen where listeners that rules lead to are to be
/// @param all every local address
public record HostAddresses(IpAddress listen, List<IpAddress> all) {

  public HostAddresses {
    all = List.copyOf(all);
  }

  /// Whether rules that lead there still lead to this node, and there is none that more of its
  /// clients can reach.
  ///
  /// @param local the node's addresses now, of any family
  boolean areGoodWith(Collection<IpAddress> local) {
    if (!listen.isLoopback()) {
      return local.contains(listen);
    }
    return local.stream()
        .filter(address -> address.family() == listen.family())
        .allMatch(address -> address.isLoopback() || address.isLinkLocal());
  }
}
