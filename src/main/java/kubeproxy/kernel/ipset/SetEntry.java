package kubeproxy.kernel.ipset;

import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;

/// One entry of a set, in the form that the set's type has. As text it is what `ipset` writes.
///
/// Protocols are IANA numbers, because others than those of Services can be found in a set.
public sealed interface SetEntry {

  /// Of [HashType#IP].
  record Address(IpAddress address) implements SetEntry {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /// Of [HashType#NET]. The kernel refuses a prefix of length 0.
  record Net(IpPrefix net) implements SetEntry {
    @Override
    public String toString() {
      return SetEntryText.net(net);
    }
  }

  /// Of [HashType#IP_PORT].
  record AddressPort(IpAddress address, int protocol, int port) implements SetEntry {
    public AddressPort(IpAddress address, Protocol protocol, int port) {
      this(address, protocol.number(), port);
    }

    @Override
    public String toString() {
      return address + "," + SetEntryText.port(protocol, port);
    }
  }

  /// Of [HashType#IP_PORT_IP].
  record AddressPortAddress(IpAddress address, int protocol, int port, IpAddress second)
      implements SetEntry {
    public AddressPortAddress(IpAddress address, Protocol protocol, int port, IpAddress second) {
      this(address, protocol.number(), port, second);
    }

    @Override
    public String toString() {
      return address + "," + SetEntryText.port(protocol, port) + "," + second;
    }
  }

  /// Of [HashType#IP_PORT_NET]. The kernel refuses a prefix of length 0, which two of length 1 can
  /// stand for.
  record AddressPortNet(IpAddress address, int protocol, int port, IpPrefix net)
      implements SetEntry {
    public AddressPortNet(IpAddress address, Protocol protocol, int port, IpPrefix net) {
      this(address, protocol.number(), port, net);
    }

    @Override
    public String toString() {
      return address + "," + SetEntryText.port(protocol, port) + "," + SetEntryText.net(net);
    }
  }

  /// Of [SetShape.PortBitmap].
  record Port(int port) implements SetEntry {
    @Override
    public String toString() {
      return Integer.toString(port);
    }
  }
}
