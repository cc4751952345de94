package kubeproxy.ipvs.program;

import java.util.Comparator;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;

/// One entry of an ipset.
///
/// @param set whose type is that of the element
public record SetEntry(IpSet set, Element element) implements Comparable<SetEntry> {
  private static final Comparator<SetEntry> ORDER =
      Comparator.comparing(SetEntry::set).thenComparing(entry -> entry.element().toString());

  /// What an entry says, printed as `ipset` does.
  public sealed interface Element {

    /// An address.
    record Address(IpAddress address) implements Element {
      @Override
      public String toString() {
        return address.toString();
      }
    }

    /// A port of any protocol.
    record Port(int port) implements Element {
      @Override
      public String toString() {
        return Integer.toString(port);
      }
    }

    /// An address and a port.
    record AddressPort(IpAddress address, Protocol protocol, int port) implements Element {
      @Override
      public String toString() {
        return address + "," + protocol.lowerCase() + ":" + port;
      }
    }

    /// An address, a port, and another address.
    record AddressPortAddress(AddressPort place, IpAddress other) implements Element {
      @Override
      public String toString() {
        return place + "," + other;
      }
    }

    /// An address, a port, and a block.
    record AddressPortNet(AddressPort place, IpPrefix net) implements Element {
      @Override
      public String toString() {
        return place + "," + net;
      }
    }
  }

  @Override
  public int compareTo(SetEntry other) {
    return ORDER.compare(this, other);
  }

  /// As `ipset` prints it, behind the set.
  @Override
  public String toString() {
    return set + " " + element;
  }
}
