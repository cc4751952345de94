package kubeproxy.ipvs.program;

import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;

/// What tells virtual servers apart: where clients send packets to.
public record ServerKey(IpAddress address, Protocol protocol, int port)
    implements Comparable<ServerKey> {

  @Override
  public int compareTo(ServerKey other) {
    int order = address.compareTo(other.address);
    if (order == 0) {
      order = protocol.compareTo(other.protocol);
    }
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  /// As upstream writes it: `10.0.0.1:80/TCP`.
  @Override
  public String toString() {
    return address.withPort(port) + "/" + protocol;
  }
}
