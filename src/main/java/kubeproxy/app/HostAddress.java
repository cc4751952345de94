package kubeproxy.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kubeproxy.kernel.route.LocalAddresses;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.userspace.apply.HostAddresses;

/// Finds out which addresses the node has and at which of them rules find the relay, in the network
/// namespace of the thread that asks.
///
/// That is `--bind-address` where it is specific. Otherwise it is the one that the node itself uses
/// to reach the world, which is there for as long as the node is of use; without a default route
/// it is any that others can reach.
final class HostAddress implements Supplier<HostAddresses> {

  /// Documentation addresses (RFC 5737, RFC 3849), which are routed like the rest of the world.
  private static final IpAddress WORLD_IPV4 = IpAddress.of("192.0.2.1");

  private static final IpAddress WORLD_IPV6 = IpAddress.of("2001:db8:ffff::1");

  /// Nothing is sent there.
  private static final int ANY_PORT = 9;

  private final IpFamily family;
  private final Optional<IpAddress> bindAddress;
  private final Logger log;

  /// @param bindAddress `--bind-address` if it is specific, of any family
  HostAddress(IpFamily family, Optional<IpAddress> bindAddress, Logger log) {
    this.family = family;
    this.bindAddress = bindAddress.filter(address -> address.family() == family);
    this.log = log;
  }

  @Override
  public HostAddresses get() {
    List<IpAddress> all = local();
    IpAddress listen =
        bindAddress
            .or(this::towardsTheWorld)
            .or(() ->
                all.stream()
                    .filter(address -> !address.isLoopback() && !address.isLinkLocal())
                    .findFirst())
            .orElse(IpAddress.of(family == IpFamily.IPV4 ? "127.0.0.1" : "::1"));
    return new HostAddresses(listen, all);
  }

  private List<IpAddress> local() {
    try (LocalAddresses listing = LocalAddresses.open()) {
      return listing.list().stream().filter(address -> address.family() == family).toList();
    } catch (IOException e) {
      log.v(2).info("Cannot list local addresses", "ipFamily", family, "err", e);
      return List.of();
    }
  }

  /// A connected UDP socket sends nothing, but knows from where it would.
  private Optional<IpAddress> towardsTheWorld() {
    boolean ipv4 = family == IpFamily.IPV4;
    IpAddress world = ipv4 ? WORLD_IPV4 : WORLD_IPV6;
    try (DatagramChannel socket =
        DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
      socket.connect(new InetSocketAddress(InetAddress.getByAddress(world.toBytes()), ANY_PORT));
      if (socket.getLocalAddress() instanceof InetSocketAddress local) {
        IpAddress address = IpAddress.ofBytes(local.getAddress().getAddress());
        return Optional.of(address).filter(found -> !found.isLoopback() && !found.isUnspecified());
      }
      return Optional.empty();
    } catch (IOException | UnresolvedAddressException e) {
      log.v(2).info("No route to the world", "ipFamily", family, "err", e);
      return Optional.empty();
    }
  }
}
