package kubeproxy.nftables.program;

import java.util.Optional;
import java.util.stream.Stream;

/// A chain that exists once for all Services of the same shape. Shapes go by the number of
/// endpoints
/// rounded up to a power of two, so there are only a few, and most changes of a Service's endpoints
/// do not change its shape. That matters: whenever an element that leads to a chain is added, the
/// kernel checks all of them again for loops.
public sealed interface ShapeChain extends Comparable<ShapeChain> {

  /// Its name in the kernel.
  String chain();

  /// The chains that its rules lead to.
  Stream<ShapeChain> leadsTo();

  @Override
  default int compareTo(ShapeChain other) {
    return chain().compareTo(other.chain());
  }

  /// Picks one of the endpoints and translates the destination.
  ///
  /// @param endpoints the map that holds them
  /// @param capacity a power of two: at least their number, and less than twice as much
  /// @param affinity whether a remembered endpoint of the client is preferred
  record Pick(NamedSet endpoints, int capacity, boolean affinity) implements ShapeChain {

    /// The capacity for a number of endpoints: the next power of two; 0 for none.
    public static int capacityFor(int count) {
      return count == 0 ? 0 : Integer.highestOneBit(2 * count - 1);
    }

    @Override
    public String chain() {
      return endpoints.text() + "-" + capacity + suffix(affinity);
    }

    @Override
    public Stream<ShapeChain> leadsTo() {
      return Stream.empty();
    }
  }

  /// Traffic from outside that may go to any endpoint.
  record External(Destination destination, int capacity, boolean affinity) implements ShapeChain {

    @Override
    public String chain() {
      return destination.chainPrefix() + "external-" + capacity + suffix(affinity);
    }

    /// Where it leads.
    public Pick pick() {
      return new Pick(destination.endpoints(), capacity, affinity);
    }

    @Override
    public Stream<ShapeChain> leadsTo() {
      return Stream.of(pick());
    }
  }

  /// Traffic from outside that may go to endpoints of this node only.
  ///
  /// @param localCapacity 0 where there is none
  record ExternalLocal(
      Destination destination, int clusterCapacity, int localCapacity, boolean affinity)
      implements ShapeChain {

    @Override
    public String chain() {
      return destination.chainPrefix()
          + ("external-local-" + clusterCapacity + "-" + localCapacity + suffix(affinity));
    }

    /// Where traffic from pods and from the node leads.
    public Pick pickCluster() {
      return new Pick(destination.endpoints(), clusterCapacity, affinity);
    }

    /// Where all other traffic leads.
    public Optional<ShapeChain> pickLocal() {
      return localCapacity == 0
          ? Optional.empty()
          : Optional.of(new Pick(destination.localEndpoints(), localCapacity, affinity));
    }

    @Override
    public Stream<ShapeChain> leadsTo() {
      return Stream.concat(Stream.of(pickCluster()), pickLocal().stream());
    }
  }

  /// Remembers the endpoint that a client's new connection was sent to.
  ///
  /// @param local whether the endpoint counts among those of this node too
  record Remember(int timeoutSeconds, boolean local) implements ShapeChain {
    private static final String LOCAL_PREFIX = "remember-local-";

    @Override
    public String chain() {
      return (local ? LOCAL_PREFIX : "remember-") + timeoutSeconds + "s";
    }

    /// Whether a chain of this name remembers an endpoint of this node.
    public static boolean isLocal(String chain) {
      return chain.startsWith(LOCAL_PREFIX);
    }

    @Override
    public Stream<ShapeChain> leadsTo() {
      return Stream.empty();
    }
  }

  private static String suffix(boolean affinity) {
    return affinity ? "-affinity" : "";
  }
}
