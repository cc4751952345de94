package kubeproxy.kernel.ipset;

import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkPipeline;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;

/// What is asked of the kernel, as messages.
final class SetWriter {

  // Upstream's and the tool's; the kernel doubles it as the set fills.
  private static final int INITIAL_HASH_SIZE = 1024;

  private static final String PORT_BITMAP = "bitmap:port";
  private static final int PORT_BITMAP_REVISION = 3;

  private SetWriter() {}

  /// Begins the message of a change and writes its content.
  static void change(NetlinkPipeline pipeline, SetChange change) {
    switch (change) {
      case SetChange.Create(String set, SetShape shape) ->
          shape(begin(pipeline, Ipset.IPSET_CMD_CREATE, Netlink.NLM_F_EXCL, set), shape);
      // Without NLM_F_EXCL the kernel takes no offence at what is so already.
      case SetChange.Add(String set, SetEntry entry) ->
          entry(begin(pipeline, Ipset.IPSET_CMD_ADD, 0, set), entry);
      case SetChange.Delete(String set, SetEntry entry) ->
          entry(begin(pipeline, Ipset.IPSET_CMD_DEL, 0, set), entry);
      case SetChange.Flush(String set) -> begin(pipeline, Ipset.IPSET_CMD_FLUSH, 0, set);
      case SetChange.Destroy(String set) ->
          begin(pipeline, Ipset.IPSET_CMD_DESTROY, Netlink.NLM_F_EXCL, set);
      case SetChange.Rename(String set, String newName) ->
          begin(pipeline, Ipset.IPSET_CMD_RENAME, 0, set)
              .putString(Ipset.IPSET_ATTR_SETNAME2, newName);
      case SetChange.Swap(String set, String other) ->
          begin(pipeline, Ipset.IPSET_CMD_SWAP, 0, set).putString(Ipset.IPSET_ATTR_SETNAME2, other);
    }
  }

  /// Writes what every message of this subsystem begins with.
  static MessageWriter header(MessageWriter writer) {
    return Nfnetlink.header(writer, Nfnetlink.NFPROTO_IPV4, 0)
        .putU8(Ipset.IPSET_ATTR_PROTOCOL, Ipset.IPSET_PROTOCOL);
  }

  // A request without a name would be about all sets.
  private static MessageWriter begin(NetlinkPipeline pipeline, int command, int flags, String set) {
    if (set.isEmpty()) {
      throw new IllegalArgumentException("a set without name");
    }
    int type = Nfnetlink.type(Nfnetlink.NFNL_SUBSYS_IPSET, command);
    return header(pipeline.beginRequest(type, flags)).putString(Ipset.IPSET_ATTR_SETNAME, set);
  }

  private static void shape(MessageWriter writer, SetShape shape) {
    switch (shape) {
      case SetShape.Hash(HashType type, IpFamily family, int maxElements) -> {
        boolean ipv4 = family == IpFamily.IPV4;
        type(
            writer,
            type.typeName(),
            type.revision(),
            ipv4 ? Nfnetlink.NFPROTO_IPV4 : Nfnetlink.NFPROTO_IPV6);
        writer
            .beginNested(Ipset.IPSET_ATTR_DATA)
            .putU32Big(Ipset.IPSET_ATTR_HASHSIZE | Ipset.BIG, INITIAL_HASH_SIZE)
            .putU32Big(Ipset.IPSET_ATTR_MAXELEM | Ipset.BIG, maxElements)
            .endNested();
      }
      case SetShape.PortBitmap(int from, int to) -> {
        type(writer, PORT_BITMAP, PORT_BITMAP_REVISION, Nfnetlink.NFPROTO_UNSPEC);
        writer
            .beginNested(Ipset.IPSET_ATTR_DATA)
            .putU16Big(Ipset.IPSET_ATTR_PORT | Ipset.BIG, from)
            .putU16Big(Ipset.IPSET_ATTR_PORT_TO | Ipset.BIG, to)
            .endNested();
      }
      case SetShape.Foreign(String description) ->
          throw new IllegalArgumentException("cannot make a set " + description);
    }
  }

  private static void type(MessageWriter writer, String name, int revision, int family) {
    writer
        .putString(Ipset.IPSET_ATTR_TYPENAME, name)
        .putU8(Ipset.IPSET_ATTR_REVISION, revision)
        .putU8(Ipset.IPSET_ATTR_FAMILY, family);
  }

  private static void entry(MessageWriter writer, SetEntry entry) {
    writer.beginNested(Ipset.IPSET_ATTR_DATA);
    switch (entry) {
      case SetEntry.Address(IpAddress address) -> address(writer, Ipset.IPSET_ATTR_IP, address);
      case SetEntry.Net(IpPrefix net) -> {
        address(writer, Ipset.IPSET_ATTR_IP, net.address());
        writer.putU8(Ipset.IPSET_ATTR_CIDR, net.length());
      }
      case SetEntry.AddressPort(IpAddress address, int protocol, int port) ->
          addressPort(writer, address, protocol, port);
      case SetEntry.AddressPortAddress(
              IpAddress first,
              int protocol,
              int port,
              IpAddress second) -> {
        addressPort(writer, first, protocol, port);
        address(writer, Ipset.IPSET_ATTR_IP2, second);
      }
      case SetEntry.AddressPortNet(IpAddress address, int protocol, int port, IpPrefix net) -> {
        addressPort(writer, address, protocol, port);
        address(writer, Ipset.IPSET_ATTR_IP2, net.address());
        writer.putU8(Ipset.IPSET_ATTR_CIDR2, net.length());
      }
      case SetEntry.Port(int port) -> writer.putU16Big(Ipset.IPSET_ATTR_PORT | Ipset.BIG, port);
    }
    writer.endNested();
  }

  private static void addressPort(MessageWriter writer, IpAddress address, int protocol, int port) {
    address(writer, Ipset.IPSET_ATTR_IP, address);
    writer
        .putU16Big(Ipset.IPSET_ATTR_PORT | Ipset.BIG, port)
        .putU8(Ipset.IPSET_ATTR_PROTO, protocol);
  }

  private static void address(MessageWriter writer, int type, IpAddress address) {
    writer.beginNested(type);
    switch (address) {
      case Ipv4Address(int bits) ->
          writer.putU32Big(Ipset.IPSET_ATTR_IPADDR_IPV4 | Ipset.BIG, bits);
      case Ipv6Address(long high, long low) ->
          writer
              .beginAttribute(Ipset.IPSET_ATTR_IPADDR_IPV6 | Ipset.BIG)
              .rawU64Big(high)
              .rawU64Big(low)
              .endAttribute();
    }
    writer.endNested();
  }
}
