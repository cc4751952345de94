package kubeproxy.kernel.route;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkPipeline;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;

/// The addresses of a network namespace's interfaces, each with its interface: reading and changing
/// them. Used by one thread at a time; [#close] may come from another.
public final class LinkAddresses implements Closeable {

  private static final int RTM_NEWADDR = 20;
  private static final int RTM_DELADDR = 21;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private final NetlinkTransport transport;
  private final NetlinkPipeline pipeline;
  private final AddressDump dump;

  /// @param transport to rtnetlink; closed with this
  public LinkAddresses(NetlinkTransport transport) {
    NetlinkRequester requester = new NetlinkRequester(transport);
    this.transport = transport;
    this.pipeline = new NetlinkPipeline(transport, requester);
    this.dump = new AddressDump(requester);
  }

  /// Opens the addresses of the calling thread's network namespace.
  public static LinkAddresses open() throws KernelException {
    return new LinkAddresses(NetlinkSocket.open(Netlink.NETLINK_ROUTE));
  }

  /// The addresses of all interfaces, both families, in the order of the kernel. If they keep
  /// changing meanwhile, some may be missing.
  ///
  /// @throws IOException if the kernel does not tell
  public List<LinkAddress> list() throws IOException {
    return dump.list(AddressDump.ALL_LINKS);
  }

  /// The addresses of one interface; none if it does not exist.
  ///
  /// @param link its index
  /// @throws IOException if the kernel does not tell
  public List<IpAddress> list(int link) throws IOException {
    return dump.list(link).stream().map(LinkAddress::address).toList();
  }

  /// Makes changes, in order, each by itself.
  ///
  /// @return how each ended, in order: [Answer.Complete], [Answer.Refused], or [Answer.Missing] if
  ///   that is not known
  /// @throws IOException if the socket fails: what the kernel did is unknown then
  public List<Answer> apply(Collection<? extends AddressChange> changes) throws IOException {
    try {
      for (AddressChange change : changes) {
        write(change);
        pipeline.endRequest();
      }
      return pipeline.finish();
    } finally {
      pipeline.abandon();
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private void write(AddressChange change) {
    switch (change) {
      case AddressChange.Add(int link, IpAddress address) ->
          write(RTM_NEWADDR, Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL, link, address);
      case AddressChange.Delete(int link, IpAddress address) ->
          write(RTM_DELADDR, 0, link, address);
    }
  }

  private void write(int type, int flags, int link, IpAddress address) {
    boolean ipv4 = address.family() == IpFamily.IPV4;
    // struct ifaddrmsg: family, length of the prefix, flags, scope, interface.
    MessageWriter writer =
        pipeline
            .beginRequest(type, flags)
            .rawU8(ipv4 ? AF_INET : AF_INET6)
            .rawU8(address.family().bits())
            .rawZeros(2)
            .rawU32Native(link);
    put(writer, IFA_LOCAL, address);
    put(writer, IFA_ADDRESS, address);
  }

  private static void put(MessageWriter writer, int type, IpAddress address) {
    switch (address) {
      case Ipv4Address(int bits) -> writer.putU32Big(type, bits);
      case Ipv6Address(long high, long low) ->
          writer.beginAttribute(type).rawU64Big(high).rawU64Big(low).endAttribute();
    }
  }
}
