package kubeproxy.userspace.apply;

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
}
