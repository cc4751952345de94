package kubeproxy.kernel.route;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Netlink;
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

  private static final int NO_LINK = -1;

  private final NetlinkTransport transport;
  private final NetlinkRequester requester;
  private final AddressDump dump;
  private final String exceptLink;

  /// @param transport to rtnetlink; closed with this
  public LocalAddresses(NetlinkTransport transport) {
    this(transport, "");
  }

  private LocalAddresses(NetlinkTransport transport, String exceptLink) {
    this.transport = transport;
    this.requester = new NetlinkRequester(transport);
    this.dump = new AddressDump(requester);
    this.exceptLink = exceptLink;
  }

  /// Opens a listing of the calling thread's network namespace.
  public static LocalAddresses open() throws KernelException {
    return openExcept("");
  }

  /// As [#open], for all interfaces but one.
  ///
  /// @param link name of the interface whose addresses do not count, whether it exists or not;
  ///   empty for none
  public static LocalAddresses openExcept(String link) throws KernelException {
    return new LocalAddresses(NetlinkSocket.open(Netlink.NETLINK_ROUTE), link);
  }

  /// The addresses of now, both families, loopback and link-local ones included, sorted, each once.
  ///
  /// @throws IOException if the kernel does not tell
  public List<IpAddress> list() throws IOException {
    int except = exceptLink.isEmpty() ? NO_LINK : indexOf(exceptLink);
    Set<IpAddress> found = new TreeSet<>();
    for (LinkAddress address : dump.list(AddressDump.ALL_LINKS)) {
      if (address.link() != except) {
        found.add(address.address());
      }
    }
    return List.copyOf(found);
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private int indexOf(String link) throws IOException {
    return Links.get(requester, link).map(Link::index).orElse(NO_LINK);
  }
}
