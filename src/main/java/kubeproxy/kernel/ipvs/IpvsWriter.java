package kubeproxy.kernel.ipvs;

import kubeproxy.kernel.netlink.GenericNetlink;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;
import kubeproxy.model.Protocol;

/// What is asked of the kernel, as attributes.
final class IpvsWriter {

  private static final int WHOLE_MASK = -1;

  private IpvsWriter() {}

  /// Writes all that comes after the header of a message.
  static void change(MessageWriter writer, IpvsChange change) {
    switch (change) {
      case IpvsChange.AddServer(VirtualServer server) -> {
        command(writer, Ipvs.IPVS_CMD_NEW_SERVICE);
        server(writer, server);
      }
      case IpvsChange.EditServer(VirtualServer server) -> {
        command(writer, Ipvs.IPVS_CMD_SET_SERVICE);
        server(writer, server);
      }
      case IpvsChange.DeleteServer(ServerAddress server) -> {
        command(writer, Ipvs.IPVS_CMD_DEL_SERVICE);
        server(writer, server);
      }
      case IpvsChange.AddDestination(ServerAddress server, Destination destination) -> {
        command(writer, Ipvs.IPVS_CMD_NEW_DEST);
        server(writer, server);
        destination(writer, destination);
      }
      case IpvsChange.EditDestination(ServerAddress server, Destination destination) -> {
        command(writer, Ipvs.IPVS_CMD_SET_DEST);
        server(writer, server);
        destination(writer, destination);
      }
      case IpvsChange.DeleteDestination(ServerAddress server, IpAddress address, int port) -> {
        command(writer, Ipvs.IPVS_CMD_DEL_DEST);
        server(writer, server);
        writer.beginNested(Ipvs.IPVS_CMD_ATTR_DEST);
        putAddress(writer, Ipvs.IPVS_DEST_ATTR_ADDR, address);
        writer.putU16Big(Ipvs.IPVS_DEST_ATTR_PORT, port).endNested();
      }
    }
  }

  /// Writes which virtual server is meant.
  static void server(MessageWriter writer, ServerAddress server) {
    writer.beginNested(Ipvs.IPVS_CMD_ATTR_SERVICE);
    putKey(writer, server);
    writer.endNested();
  }

  /// Writes a virtual server that no kernel takes: in IPv6 and with clients told apart by none of
  /// their bits.
  static void impossibleServer(MessageWriter writer, String scheduler) {
    ServerAddress address =
        new ServerAddress(Protocol.TCP, IpAddress.of("2001:db8::1"), 9 /* discard */);
    server(writer, new VirtualServer(address, scheduler, 0, 0, 0));
  }

  private static void command(MessageWriter writer, int command) {
    GenericNetlink.header(writer, command, Ipvs.IPVS_GENL_VERSION);
  }

  private static void server(MessageWriter writer, VirtualServer server) {
    IpFamily family = server.address().address().family();
    writer.beginNested(Ipvs.IPVS_CMD_ATTR_SERVICE);
    putKey(writer, server.address());
    writer
        .putString(Ipvs.IPVS_SVC_ATTR_SCHED_NAME, server.scheduler())
        // struct ip_vs_flags: the flags, and which of them are meant.
        .beginAttribute(Ipvs.IPVS_SVC_ATTR_FLAGS)
        .rawU32Native(server.flags())
        .rawU32Native(WHOLE_MASK)
        .endAttribute()
        .putU32Native(Ipvs.IPVS_SVC_ATTR_TIMEOUT, server.timeout());
    // A mask in IPv4, a length in IPv6.
    int prefix = server.clientPrefix();
    if (family == IpFamily.IPV6) {
      writer.putU32Native(Ipvs.IPVS_SVC_ATTR_NETMASK, prefix);
    } else {
      writer.putU32Big(
          Ipvs.IPVS_SVC_ATTR_NETMASK, new Ipv4Address(WHOLE_MASK).masked(prefix).bits());
    }
    writer.endNested();
  }

  private static void putKey(MessageWriter writer, ServerAddress server) {
    boolean ipv4 = server.address().family() == IpFamily.IPV4;
    writer
        .putU16Native(Ipvs.IPVS_SVC_ATTR_AF, ipv4 ? Ipvs.AF_INET : Ipvs.AF_INET6)
        .putU16Native(Ipvs.IPVS_SVC_ATTR_PROTOCOL, server.protocol().number());
    putAddress(writer, Ipvs.IPVS_SVC_ATTR_ADDR, server.address());
    writer.putU16Big(Ipvs.IPVS_SVC_ATTR_PORT, server.port());
  }

  private static void destination(MessageWriter writer, Destination destination) {
    writer.beginNested(Ipvs.IPVS_CMD_ATTR_DEST);
    putAddress(writer, Ipvs.IPVS_DEST_ATTR_ADDR, destination.address());
    writer
        .putU16Big(Ipvs.IPVS_DEST_ATTR_PORT, destination.port())
        .putU32Native(Ipvs.IPVS_DEST_ATTR_FWD_METHOD, destination.forwarding().number())
        .putU32Native(Ipvs.IPVS_DEST_ATTR_WEIGHT, destination.weight())
        .putU32Native(Ipvs.IPVS_DEST_ATTR_U_THRESH, destination.upperThreshold())
        .putU32Native(Ipvs.IPVS_DEST_ATTR_L_THRESH, destination.lowerThreshold())
        .endNested();
  }

  // union nf_inet_addr: an IPv4 address is its first four bytes.
  private static void putAddress(MessageWriter writer, int type, IpAddress address) {
    writer.beginAttribute(type);
    switch (address) {
      case Ipv4Address(int bits) -> writer.rawU32Big(bits).rawZeros(12);
      case Ipv6Address(long high, long low) -> writer.rawU64Big(high).rawU64Big(low);
    }
    writer.endAttribute();
  }
}
