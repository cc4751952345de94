package kubeproxy.kernel.ipset;

import kubeproxy.model.IpFamily;

/// What a set can hold: its type and the options that matter. Two sets of the same shape can be
/// swapped.
public sealed interface SetShape {

  /// A set of addresses, or of addresses with other things.
  ///
  /// @param maxElements entries it can hold (`maxelem`); the kernel lets its hash grow by itself
  record Hash(HashType type, IpFamily family, int maxElements) implements SetShape {

    /// The usual size, as `ipset` makes them.
    public static final int USUAL_MAX_ELEMENTS = 65536;

    /// A set of the usual size.
    public static Hash of(HashType type, IpFamily family) {
      return new Hash(type, family, USUAL_MAX_ELEMENTS);
    }

    @Override
    public String toString() {
      String family = this.family == IpFamily.IPV4 ? "inet" : "inet6";
      return type.typeName() + " family " + family + " maxelem " + maxElements;
    }
  }

  /// `bitmap:port`: ports between two, both included.
  record PortBitmap(int from, int to) implements SetShape {

    /// A set of any port.
    public static final PortBitmap ALL = new PortBitmap(0, 65535);

    @Override
    public String toString() {
      return "bitmap:port range " + from + "-" + to;
    }
  }

  /// A set that cannot be made here, because of its type or of an option such as a timeout.
  ///
  /// @param description type and the unusual, for people
  record Foreign(String description) implements SetShape {

    @Override
    public String toString() {
      return description;
    }
  }
}
