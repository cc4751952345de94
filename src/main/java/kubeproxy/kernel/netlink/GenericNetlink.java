package kubeproxy.kernel.netlink;

import java.io.IOException;
import java.util.OptionalInt;
import kubeproxy.kernel.libc.Errno;

/// Families of generic netlink, by which parts of the kernel are reached that have no protocol of
/// their own (`linux/genetlink.h`).
public final class GenericNetlink {

  /// Length of `struct genlmsghdr`, which is between message header and attributes.
  public static final int HEADER_BYTES = 4;

  private static final int GENL_ID_CTRL = 0x10;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;
  private static final int CTRL_VERSION = 1;

  private GenericNetlink() {}

  /// The number of a family, which is the type of its messages until the next boot; empty if the
  /// kernel has no such family. The kernel loads the module that provides it if it may.
  ///
  /// @param name as `IPVS`
  /// @throws IOException if the kernel does not tell
  public static OptionalInt familyId(String name) throws IOException {
    try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_GENERIC);
        MessageWriter writer = new MessageWriter()) {
      NetlinkRequester requester = new NetlinkRequester(socket);
      writer.beginMessage(GENL_ID_CTRL, Netlink.NLM_F_REQUEST, requester.nextSequence());
      header(writer, CTRL_CMD_GETFAMILY, CTRL_VERSION)
          .putString(CTRL_ATTR_FAMILY_NAME, name)
          .endMessage();
      int[] id = {0};
      Answer answer = requester.request(writer, message -> id[0] = readId(message));
      return switch (answer) {
        case Answer.Complete(), Answer.Interrupted() -> OptionalInt.of(id[0]);
        case Answer.Refused(NetlinkError error) when error.errno() == Errno.ENOENT.number() ->
            OptionalInt.empty();
        case Answer.Refused(NetlinkError error) ->
            throw new IOException("cannot find netlink family " + name + ": " + error);
        case Answer.Missing(String reason) ->
            throw new IOException("cannot find netlink family " + name + ": " + reason);
      };
    }
  }

  /// Writes `struct genlmsghdr`.
  ///
  /// @param command number within the family
  /// @param version of the family's interface
  public static MessageWriter header(MessageWriter writer, int command, int version) {
    return writer.rawU8(command).rawU8(version).rawZeros(2);
  }

  private static int readId(MessageReader message) throws IOException {
    Attributes attributes = new Attributes();
    message.attributes(attributes, HEADER_BYTES);
    while (attributes.next()) {
      if (attributes.type() == CTRL_ATTR_FAMILY_ID) {
        return attributes.u16Native();
      }
    }
    throw new MalformedMessageException("a family without number");
  }
}
