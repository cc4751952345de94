package kubeproxy.plan;

import kubeproxy.model.IpAddress;

/// Where a connection is sent: the address and target port of one endpoint.
public record Backend(IpAddress address, int port) implements Comparable<Backend> {

  @Override
  public int compareTo(Backend other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  @Override
  public String toString() {
    return address.withPort(port);
  }
}
