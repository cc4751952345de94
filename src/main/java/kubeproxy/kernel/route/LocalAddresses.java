package kubeproxy.kernel.route;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport;
import kubeproxy.model.IpAddress;

/// The addresses of all interfaces of a network namespace. Used by one thread at a time; [#close]
/// may come from another.
public final class LocalAddresses implements Closeable {

  /// How often a listing is begun that was interrupted by a change of addresses, before an
  /// incomplete one has to do. Whoever watches is told of that change and lists again.
  public static final int ATTEMPTS = 5;

  private static final int RTM_NEWADDR = 20;
  private static final int RTM_GETADDR = 22;
  private static final int IFADDRMSG_BYTES = 8;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private final NetlinkTransport transport;
  private final NetlinkRequester requester;
  private final MessageWriter writer = new MessageWriter();
  private final Attributes attributes = new Attributes();

  /// @param transport to rtnetlink; closed with this
  public LocalAddresses(NetlinkTransport transport) {
    this.transport = transport;
    this.requester = new NetlinkRequester(transport);
  }

  /// Opens a listing of the calling thread's network namespace.
  public static LocalAddresses open() throws KernelException {
    return new LocalAddresses(NetlinkSocket.open(Netlink.NETLINK_ROUTE));
  }

  /// The addresses of now, both families, loopback and link-local ones included, sorted, each once.
  ///
  /// @throws IOException if the kernel does not tell
  public List<IpAddress> list() throws IOException {
    Set<IpAddress> found = new TreeSet<>();
    Answer answer = new Answer.Interrupted();
    for (int i = 0; i < ATTEMPTS && answer instanceof Answer.Interrupted; i++) {
      found.clear();
      answer = dump(found);
    }
    return switch (answer) {
      case Answer.Complete(), Answer.Interrupted() -> List.copyOf(found);
      case Answer.Refused(NetlinkError error) ->
          throw new IOException("cannot list local addresses: " + error);
      case Answer.Missing(String reason) ->
          throw new IOException("cannot list local addresses: " + reason);
    };
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private Answer dump(Set<IpAddress> found) throws IOException {
    int flags = Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP;
    writer
        .clear()
        .beginMessage(RTM_GETADDR, flags, requester.nextSequence())
        .rawZeros(IFADDRMSG_BYTES)
        .endMessage();
    return requester.dump(writer, message -> read(message, found));
  }

  private void read(MessageReader message, Set<IpAddress> found) throws IOException {
    int family = message.payloadU8(0);
    if (message.type() != RTM_NEWADDR || (family != AF_INET && family != AF_INET6)) {
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
      found.add(IpAddress.ofBytes(address));
    }
  }
}
