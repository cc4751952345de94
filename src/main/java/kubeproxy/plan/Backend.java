package kubeproxy.plan;

import java.util.Comparator;
import kubeproxy.model.IpAddress;

/// Where a connection is sent: the address and target port of one endpoint.
public record Backend(IpAddress address, int port) implements Comparable<Backend> {

  private static final Comparator<Backend> ORDER =
      Comparator.comparing(Backend::address).thenComparingInt(Backend::port);

  @Override
  public int compareTo(Backend other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return address.withPort(port);
  }
}
