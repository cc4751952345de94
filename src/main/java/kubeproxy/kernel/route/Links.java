package kubeproxy.kernel.route;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageVisitor;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;

/// Network interfaces, by their names, in the network namespace of the thread that calls
/// (`linux/if_link.h`).
public final class Links {

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_GETLINK = 18;
  private static final int IFINFOMSG_BYTES = 16;
  private static final int IFINFOMSG_INDEX_OFFSET = 4;
  private static final int IFINFOMSG_FLAGS_OFFSET = 8;
  private static final int IFF_UP = 0x1;
  private static final int IFF_NOARP = 0x80;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;

  private Links() {}

  /// Makes an interface that carries nothing and is down.
  ///
  /// @return the kernel's error, as `EEXIST`, or as `EOPNOTSUPP` where it has no such interfaces
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> addDummy(String name) throws IOException {
    int flags = Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL;
    return send(new Request(name, RTM_NEWLINK, flags, 0, 0, Link.DUMMY));
  }

  /// Removes an interface.
  ///
  /// @return the kernel's error, as `ENODEV`
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> delete(String name) throws IOException {
    return send(new Request(name, RTM_DELLINK, 0, 0, 0, ""));
  }

  /// Asks for an interface.
  ///
  /// @return the kernel's error, `ENODEV` if there is none
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> find(String name) throws IOException {
    return send(new Request(name, RTM_GETLINK, 0, 0, 0, ""));
  }

  /// Reads an interface; empty if there is none.
  ///
  /// @throws IOException if the kernel does not answer
  public static Optional<Link> get(String name) throws IOException {
    try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
      return get(new NetlinkRequester(socket), name);
    }
  }

  /// As [#get], in the namespace of a socket.
  static Optional<Link> get(NetlinkRequester requester, String name) throws IOException {
    List<Link> found = new ArrayList<>();
    Request request = new Request(name, RTM_GETLINK, 0, 0, 0, "");
    Optional<NetlinkError> refusal =
        send(requester, request, message -> found.add(read(message, name)));
    if (refusal.isPresent() && !refusal.get().is(Errno.ENODEV)) {
      throw new IOException("cannot read interface " + name + ": " + refusal.get());
    }
    return found.stream().findFirst();
  }

  /// Sets an interface up or down, and whether it answers ARP.
  ///
  /// @return the kernel's error, as `ENODEV`
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> set(String name, boolean up, boolean arp)
      throws IOException {
    int flags = (up ? IFF_UP : 0) | (arp ? 0 : IFF_NOARP);
    return send(new Request(name, RTM_NEWLINK, 0, flags, IFF_UP | IFF_NOARP, ""));
  }

  /// @param change which of the interface's flags are set to `flags`
  private record Request(
      String name, int type, int messageFlags, int flags, int change, String kind) {}

  private static Optional<NetlinkError> send(Request request) throws IOException {
    try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
      return send(new NetlinkRequester(socket), request, _ -> {});
    }
  }

  private static Optional<NetlinkError> send(
      NetlinkRequester requester, Request request, MessageVisitor visitor) throws IOException {
    try (MessageWriter writer = new MessageWriter()) {
      int flags = Netlink.NLM_F_REQUEST | request.messageFlags;
      writer
          .beginMessage(request.type, flags, requester.nextSequence())
          .rawZeros(IFINFOMSG_FLAGS_OFFSET)
          .rawU32Native(request.flags)
          .rawU32Native(request.change)
          .putString(IFLA_IFNAME, request.name);
      if (!request.kind.isEmpty()) {
        writer.beginNested(IFLA_LINKINFO).putString(IFLA_INFO_KIND, request.kind).endNested();
      }
      writer.endMessage();
      return switch (requester.request(writer, visitor)) {
        case Answer.Complete(), Answer.Interrupted() -> Optional.empty();
        case Answer.Refused(NetlinkError error) -> Optional.of(error);
        case Answer.Missing(String reason) ->
            throw new IOException("no answer about interface " + request.name + ": " + reason);
      };
    }
  }

  private static Link read(MessageReader message, String name) throws IOException {
    int flags = message.payloadU32Native(IFINFOMSG_FLAGS_OFFSET);
    String kind = "";
    Attributes info = new Attributes();
    Attributes attributes = message.attributes(new Attributes(), IFINFOMSG_BYTES);
    while (attributes.next()) {
      if (attributes.type() == IFLA_LINKINFO) {
        attributes.nested(info);
        while (info.next()) {
          if (info.type() == IFLA_INFO_KIND) {
            kind = info.string();
          }
        }
      }
    }
    int index = message.payloadU32Native(IFINFOMSG_INDEX_OFFSET);
    return new Link(index, name, kind, (flags & IFF_UP) != 0, (flags & IFF_NOARP) == 0);
  }
}
