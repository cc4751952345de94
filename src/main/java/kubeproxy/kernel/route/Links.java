package kubeproxy.kernel.route;

import java.io.IOException;
import java.util.Optional;
import kubeproxy.kernel.netlink.Answer;
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
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;

  private Links() {}

  /// Makes an interface that carries nothing and is down.
  ///
  /// @return the kernel's error, as `EEXIST`, or as `EOPNOTSUPP` where it has no such interfaces
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> addDummy(String name) throws IOException {
    int flags = Netlink.NLM_F_REQUEST | Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL;
    return request(name, RTM_NEWLINK, flags, "dummy");
  }

  /// Removes an interface.
  ///
  /// @return the kernel's error, as `ENODEV`
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> delete(String name) throws IOException {
    return request(name, RTM_DELLINK, Netlink.NLM_F_REQUEST, "");
  }

  /// Asks for an interface.
  ///
  /// @return the kernel's error, `ENODEV` if there is none
  /// @throws IOException if the kernel does not answer
  public static Optional<NetlinkError> find(String name) throws IOException {
    return request(name, RTM_GETLINK, Netlink.NLM_F_REQUEST, "");
  }

  private static Optional<NetlinkError> request(String name, int type, int flags, String kind)
      throws IOException {
    try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
        MessageWriter writer = new MessageWriter()) {
      NetlinkRequester requester = new NetlinkRequester(socket);
      writer.beginMessage(type, flags, requester.nextSequence()).rawZeros(IFINFOMSG_BYTES);
      writer.putString(IFLA_IFNAME, name);
      if (!kind.isEmpty()) {
        writer.beginNested(IFLA_LINKINFO).putString(IFLA_INFO_KIND, kind).endNested();
      }
      writer.endMessage();
      return switch (requester.request(writer)) {
        case Answer.Complete(), Answer.Interrupted() -> Optional.empty();
        case Answer.Refused(NetlinkError error) -> Optional.of(error);
        case Answer.Missing(String reason) ->
            throw new IOException("no answer about interface " + name + ": " + reason);
      };
    }
  }
}
