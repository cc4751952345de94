package kubeproxy.kernel.ipvs;

import java.util.Comparator;
import java.util.Locale;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;

/// What tells one virtual server from another, and where clients send their packets.
///
/// Sorted by address, protocol, port.
///
/// @param port 1 to 65535; 0 for all ports, which the kernel allows to persistent servers
public record ServerAddress(Protocol protocol, IpAddress address, int port)
    implements Comparable<ServerAddress> {

  private static final Comparator<ServerAddress> ORDER =
      Comparator.comparing(ServerAddress::address)
          .thenComparing(ServerAddress::protocol)
          .thenComparingInt(ServerAddress::port);

  @Override
  public int compareTo(ServerAddress other) {
    return ORDER.compare(this, other);
  }

  /// As `10.0.0.1:80/TCP`.
  @Override
  public String toString() {
    return address.withPort(port) + "/" + protocol.name().toUpperCase(Locale.ROOT);
  }
}
