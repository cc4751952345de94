package kubeproxy.kernel.ipset;

import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MalformedMessageException;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import org.jspecify.annotations.Nullable;

/// Reads entries of sets.
final class EntryReader {

  private final Attributes parts = new Attributes();
  private final Attributes addressPart = new Attributes();
  private @Nullable IpAddress first;
  private @Nullable IpAddress second;
  private int firstLength;
  private int secondLength;
  private int protocol;
  private int port;

  /// @param entry at the attribute that holds one entry
  /// @param shape of its set, none that is foreign
  SetEntry read(Attributes entry, SetShape shape) throws MalformedMessageException {
    first = null;
    second = null;
    firstLength = -1;
    secondLength = -1;
    protocol = 0;
    port = 0;
    entry.nested(parts);
    while (parts.next()) {
      switch (parts.type()) {
        case Ipset.IPSET_ATTR_IP -> first = address();
        case Ipset.IPSET_ATTR_IP2 -> second = address();
        case Ipset.IPSET_ATTR_CIDR -> firstLength = parts.u8();
        case Ipset.IPSET_ATTR_CIDR2 -> secondLength = parts.u8();
        case Ipset.IPSET_ATTR_PROTO -> protocol = parts.u8();
        case Ipset.IPSET_ATTR_PORT -> port = parts.u16Big();
        default -> {}
      }
    }
    return switch (shape) {
      case SetShape.Hash(HashType type, _, _) -> entry(type);
      case SetShape.PortBitmap _ -> new SetEntry.Port(port);
      case SetShape.Foreign _ -> throw new IllegalArgumentException("a foreign set");
    };
  }

  private SetEntry entry(HashType type) throws MalformedMessageException {
    return switch (type) {
      case IP -> new SetEntry.Address(required(first));
      case NET -> new SetEntry.Net(net(first, firstLength));
      case IP_PORT -> new SetEntry.AddressPort(required(first), protocol, port);
      case IP_PORT_IP ->
          new SetEntry.AddressPortAddress(required(first), protocol, port, required(second));
      case IP_PORT_NET ->
          new SetEntry.AddressPortNet(required(first), protocol, port, net(second, secondLength));
    };
  }

  private static IpPrefix net(@Nullable IpAddress address, int length)
      throws MalformedMessageException {
    IpAddress begin = required(address);
    if (length < 0 || length > begin.family().bits()) {
      throw new MalformedMessageException("an entry with a prefix of length " + length);
    }
    return new IpPrefix(begin, length);
  }

  private static IpAddress required(@Nullable IpAddress address) throws MalformedMessageException {
    if (address == null) {
      throw new MalformedMessageException("an entry without its address");
    }
    return address;
  }

  private @Nullable IpAddress address() throws MalformedMessageException {
    parts.nested(addressPart);
    while (addressPart.next()) {
      int length = addressPart.length();
      if (length == 4 || length == 16) {
        return IpAddress.ofBytes(addressPart.bytes());
      }
    }
    return null;
  }
}
