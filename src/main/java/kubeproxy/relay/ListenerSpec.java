package kubeproxy.relay;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;

/// Where to listen, and to whom.
///
/// @param address local address; unspecified (`0.0.0.0`, `::`) for all of its family
/// @param port the port, or from where to take one
/// @param dualStack for `::` only: IPv4 clients are served as well
/// @param allowedSources whose connections are accepted; empty means everybody's. Those of others
///     are reset, their datagrams dropped
public record ListenerSpec(
    IpAddress address, PortChoice port, boolean dualStack, List<IpPrefix> allowedSources) {

  public ListenerSpec {
    allowedSources = List.copyOf(allowedSources);
    if (dualStack && !(address.family() == IpFamily.IPV6 && address.isUnspecified())) {
      throw new IllegalArgumentException("only :: can serve both families, not " + address);
    }
  }

  /// For everybody, in the family of `address`.
  public ListenerSpec(IpAddress address, PortChoice port) {
    this(address, port, false, List.of());
  }
}
