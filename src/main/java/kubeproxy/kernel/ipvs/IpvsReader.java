package kubeproxy.kernel.ipvs;

import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.GenericNetlink;
import kubeproxy.kernel.netlink.MalformedMessageException;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// What the kernel answers, as values.
final class IpvsReader {

  private final Attributes attributes = new Attributes();
  private final Attributes part = new Attributes();

  IpvsInfo info(MessageReader message) throws MalformedMessageException {
    int version = 0;
    int size = 0;
    message.attributes(attributes, GenericNetlink.HEADER_BYTES);
    while (attributes.next()) {
      switch (attributes.type()) {
        case Ipvs.IPVS_INFO_ATTR_VERSION -> version = attributes.u32Native();
        case Ipvs.IPVS_INFO_ATTR_CONN_TAB_SIZE -> size = attributes.u32Native();
        default -> {}
      }
    }
    String text = (version >> 16 & 0xff) + "." + (version >> 8 & 0xff) + "." + (version & 0xff);
    return new IpvsInfo(text, size);
  }

  Timeouts timeouts(MessageReader message) throws MalformedMessageException {
    int tcp = 0;
    int tcpFin = 0;
    int udp = 0;
    message.attributes(attributes, GenericNetlink.HEADER_BYTES);
    while (attributes.next()) {
      switch (attributes.type()) {
        case Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP -> tcp = attributes.u32Native();
        case Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN -> tcpFin = attributes.u32Native();
        case Ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP -> udp = attributes.u32Native();
        default -> {}
      }
    }
    return new Timeouts(tcp, tcpFin, udp);
  }

  /// Null for one that catches packets by a firewall mark.
  @Nullable VirtualServer server(MessageReader message) throws MalformedMessageException {
    if (!enter(message, Ipvs.IPVS_CMD_ATTR_SERVICE)) {
      return null;
    }
    boolean ipv6 = false;
    Protocol protocol = null;
    byte[] address = {};
    int port = 0;
    String scheduler = "";
    int flags = 0;
    int timeout = 0;
    int mask = 0;
    while (part.next()) {
      switch (part.type()) {
        case Ipvs.IPVS_SVC_ATTR_AF -> ipv6 = part.u16Native() == Ipvs.AF_INET6;
        case Ipvs.IPVS_SVC_ATTR_PROTOCOL -> protocol = protocol(part.u16Native());
        case Ipvs.IPVS_SVC_ATTR_ADDR -> address = part.bytes();
        case Ipvs.IPVS_SVC_ATTR_PORT -> port = part.u16Big();
        case Ipvs.IPVS_SVC_ATTR_SCHED_NAME -> scheduler = part.string();
        case Ipvs.IPVS_SVC_ATTR_FLAGS -> flags = part.u32Native() & ~Ipvs.IP_VS_SVC_F_HASHED;
        case Ipvs.IPVS_SVC_ATTR_TIMEOUT -> timeout = part.u32Native();
        case Ipvs.IPVS_SVC_ATTR_NETMASK -> mask = part.u32Native();
        default -> {}
      }
    }
    if (protocol == null || address.length == 0) {
      return null;
    }
    IpFamily family = ipv6 ? IpFamily.IPV6 : IpFamily.IPV4;
    ServerAddress key = new ServerAddress(protocol, address(address, family), port);
    // A mask in IPv4, a length in IPv6.
    int prefix = ipv6 ? mask : Integer.bitCount(mask);
    return new VirtualServer(key, scheduler, flags, timeout, prefix);
  }

  /// Null for one of another family than its server, which only tunnels lead to.
  @Nullable DestinationUse destination(MessageReader message, IpFamily family)
      throws MalformedMessageException {
    if (!enter(message, Ipvs.IPVS_CMD_ATTR_DEST)) {
      return null;
    }
    int addressFamily = family == IpFamily.IPV6 ? Ipvs.AF_INET6 : Ipvs.AF_INET;
    int wanted = addressFamily;
    byte[] address = {};
    int port = 0;
    int forwarding = 0;
    int weight = 0;
    int upper = 0;
    int lower = 0;
    int active = 0;
    int inactive = 0;
    int persistent = 0;
    while (part.next()) {
      switch (part.type()) {
        case Ipvs.IPVS_DEST_ATTR_ADDR -> address = part.bytes();
        case Ipvs.IPVS_DEST_ATTR_PORT -> port = part.u16Big();
        case Ipvs.IPVS_DEST_ATTR_FWD_METHOD -> forwarding = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_WEIGHT -> weight = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_U_THRESH -> upper = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_L_THRESH -> lower = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_ACTIVE_CONNS -> active = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_INACT_CONNS -> inactive = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_PERSIST_CONNS -> persistent = part.u32Native();
        case Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY -> addressFamily = part.u16Native();
        default -> {}
      }
    }
    if (addressFamily != wanted) {
      return null;
    }
    Destination destination =
        new Destination(
            address(address, family), port, weight, Forwarding.of(forwarding), upper, lower);
    return new DestinationUse(destination, active, inactive, persistent);
  }

  // Goes into the one nested attribute of the message; false if it is not there.
  private boolean enter(MessageReader message, int type) throws MalformedMessageException {
    message.attributes(attributes, GenericNetlink.HEADER_BYTES);
    while (attributes.next()) {
      if (attributes.type() == type) {
        attributes.nested(part);
        return true;
      }
    }
    return false;
  }

  private static @Nullable Protocol protocol(int number) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return protocol;
      }
    }
    return null;
  }

  // union nf_inet_addr: an IPv4 address is its first four bytes.
  private static IpAddress address(byte[] bytes, IpFamily family) throws MalformedMessageException {
    if (bytes.length < family.bytes()) {
      throw new MalformedMessageException("an address of " + bytes.length + " bytes");
    }
    return switch (family) {
      case IPV4 -> new Ipv4Address((int) number(bytes, 0, 4));
      case IPV6 -> new Ipv6Address(number(bytes, 0, 8), number(bytes, 8, 8));
    };
  }

  private static long number(byte[] bytes, int from, int count) {
    long number = 0;
    for (int i = from; i < from + count; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return number;
  }
}
