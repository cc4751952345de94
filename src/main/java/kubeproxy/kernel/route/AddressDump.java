package kubeproxy.kernel.route;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.model.IpAddress;

/// Lists addresses. Used by one thread at a time.
final class AddressDump {

  /// In the place of an interface's index.
  static final int ALL_LINKS = 0;

  private static final int RTM_NEWADDR = 20;
  private static final int RTM_GETADDR = 22;
  private static final int IFADDRMSG_LINK_OFFSET = 4;
  private static final int IFADDRMSG_BYTES = 8;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private final NetlinkRequester requester;
  private final MessageWriter writer = new MessageWriter();
  private final Attributes attributes = new Attributes();

  AddressDump(NetlinkRequester requester) {
    this.requester = requester;
  }

  /// The addresses of now, both families, in the order of the kernel. If they keep changing
  /// meanwhile ([LocalAddresses#ATTEMPTS]), some may be missing.
  ///
  /// @param link index of an interface, or [#ALL_LINKS]
  /// @throws IOException if the kernel does not tell
  List<LinkAddress> list(int link) throws IOException {
    List<LinkAddress> found = new ArrayList<>();
    Answer answer = new Answer.Interrupted();
    for (int i = 0; i < LocalAddresses.ATTEMPTS && answer instanceof Answer.Interrupted; i++) {
      found.clear();
      answer = dump(link, found);
    }
    return switch (answer) {
      case Answer.Complete(), Answer.Interrupted() -> found;
      // Of an interface that does not exist, where the kernel can look for one.
      case Answer.Refused(NetlinkError error) when link != ALL_LINKS && error.is(Errno.ENODEV) ->
          List.of();
      case Answer.Refused(NetlinkError error) ->
          throw new IOException("cannot list local addresses: " + error);
      case Answer.Missing(String reason) ->
          throw new IOException("cannot list local addresses: " + reason);
    };
  }

  private Answer dump(int link, List<LinkAddress> found) throws IOException {
    int flags = Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP;
    writer
        .clear()
        .beginMessage(RTM_GETADDR, flags, requester.nextSequence())
        .rawZeros(IFADDRMSG_LINK_OFFSET)
        .rawU32Native(link)
        .endMessage();
    return requester.dump(writer, message -> read(message, link, found));
  }

  private void read(MessageReader message, int wanted, List<LinkAddress> found) throws IOException {
    int family = message.payloadU8(0);
    int link = message.payloadU32Native(IFADDRMSG_LINK_OFFSET);
    // Kernels before 4.20 do not filter.
    boolean ofLink = wanted == ALL_LINKS || wanted == link;
    boolean ofFamily = family == AF_INET || family == AF_INET6;
    if (message.type() != RTM_NEWADDR || !ofFamily || !ofLink) {
      return;
    }
    byte[] address = {};
    message.attributes(attributes, IFADDRMSG_BYTES);
    while (attributes.next()) {
      // On a point-to-point link the first is the other end; where the second is, it is ours.
      boolean ours = attributes.type() == IFA_LOCAL;
      if (ours || (attributes.type() == IFA_ADDRESS && address.length == 0)) {
        address = attributes.bytes();
      }
    }
    if (address.length == 4 || address.length == 16) {
      found.add(new LinkAddress(link, IpAddress.ofBytes(address)));
    }
  }
}
