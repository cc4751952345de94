package kubeproxy.relay;

import java.util.List;
import java.util.random.RandomGenerator;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Protocol;

/// A socket that is bound to an address and port of this node.
record BoundSocket(int descriptor, IpAddress address, int port) {

  // The kernel's own limit (`net.core.somaxconn`) is lower and decides.
  private static final int BACKLOG = 65_535;

  // Only a limit: the kernel takes memory for datagrams that are there. Room for a burst while the
  // loop is busy with others.
  private static final int DATAGRAM_QUEUE_BYTES = 1 << 20;

  /// Whether there is such a socket.
  sealed interface Attempt {

    /// There is.
    record Bound(BoundSocket socket) implements Attempt {}

    /// There is not, and this is what to answer.
    record Refused(ListenOutcome outcome) implements Attempt {}
  }

  /// Whether a client may send to a listener with these sources.
  static boolean allows(List<IpPrefix> allowedSources, IpAddress client) {
    if (allowedSources.isEmpty()) {
      return true;
    }
    for (IpPrefix block : allowedSources) {
      if (block.contains(client)) {
        return true;
      }
    }
    return false;
  }

  /// Makes a socket as the specification says, and begins to listen if it is for connections.
  ///
  /// @param random for a port of a range; used under its own lock
  static Attempt bind(Protocol protocol, ListenerSpec spec, RandomGenerator random) {
    return switch (spec.port()) {
      case PortChoice.Exactly(int port) -> bind(protocol, spec, port);
      case PortChoice.AnyFree() -> bind(protocol, spec, 0);
      case PortChoice.FromRange range -> {
        int start;
        synchronized (random) {
          start = random.nextInt(range.size());
        }
        for (int i = 0; i < range.size(); i++) {
          int port = range.first() + (start + i) % range.size();
          Attempt attempt = bind(protocol, spec, port);
          boolean taken =
              attempt instanceof Attempt.Refused(ListenOutcome outcome)
                  && outcome instanceof ListenOutcome.Conflict;
          if (!taken) {
            yield attempt;
          }
        }
        yield new Attempt.Refused(new ListenOutcome.RangeExhausted(range));
      }
    };
  }

  private static Attempt bind(Protocol protocol, ListenerSpec spec, int port) {
    Sockets sockets = new Sockets();
    IpAddress address = spec.address();
    int domain = address instanceof Ipv4Address ? Sockets.AF_INET : Sockets.AF_INET6;
    int type = protocol == Protocol.UDP ? Sockets.SOCK_DGRAM : Sockets.SOCK_STREAM;
    int descriptor = sockets.socket(domain, type, protocol.number());
    if (descriptor < 0) {
      return new Attempt.Refused(notMade(protocol, -descriptor));
    }
    prepare(sockets, descriptor, protocol, spec);
    int result = sockets.bind(descriptor, address, port);
    if (result >= 0 && type == Sockets.SOCK_STREAM) {
      result = sockets.listen(descriptor, BACKLOG);
    }
    if (result >= 0) {
      result = sockets.localPort(descriptor);
    }
    if (result < 0) {
      sockets.close(descriptor);
      return new Attempt.Refused(
          result == -Errno.EADDRINUSE.number()
              ? new ListenOutcome.Conflict(address, port)
              : new ListenOutcome.Failed("bind: " + reason(-result)));
    }
    return new Attempt.Bound(new BoundSocket(descriptor, address, result));
  }

  private static void prepare(
      Sockets sockets, int descriptor, Protocol protocol, ListenerSpec spec) {
    boolean ipv6 = !(spec.address() instanceof Ipv4Address);
    if (ipv6) {
      int only = spec.dualStack() ? 0 : 1;
      int _ = sockets.option(descriptor, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, only);
    }
    if (protocol != Protocol.UDP) {
      // Connections of a predecessor that linger must not keep us from its port. For datagrams the
      // same option would let two processes share one.
      int _ = sockets.option(descriptor, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1);
      Transport.of(protocol).prepareListener(sockets, descriptor);
      return;
    }
    prepareDatagrams(sockets, descriptor);
    if (spec.address().isUnspecified()) {
      // Answers must come from the address that was asked.
      int _ =
          ipv6
              ? sockets.option(descriptor, Sockets.IPPROTO_IPV6, Sockets.IPV6_RECVPKTINFO, 1)
              : sockets.option(descriptor, Sockets.IPPROTO_IP, Sockets.IP_PKTINFO, 1);
    }
  }

  /// Sets the options of a socket that receives datagrams. What the kernel refuses is left as it
  /// is: datagrams are received without.
  static void prepareDatagrams(Sockets sockets, int descriptor) {
    int _ = sockets.option(descriptor, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, DATAGRAM_QUEUE_BYTES);
    int _ = sockets.option(descriptor, Sockets.IPPROTO_UDP, Sockets.UDP_GRO, 1);
  }

  private static ListenOutcome notMade(Protocol protocol, int errno) {
    boolean unsupported =
        errno == Errno.EPROTONOSUPPORT.number()
            || errno == Errno.ESOCKTNOSUPPORT.number()
            || errno == Errno.EAFNOSUPPORT.number();
    return unsupported
        ? new ListenOutcome.Unsupported(protocol, "the kernel of this node: " + reason(errno))
        : new ListenOutcome.Failed("socket: " + reason(errno));
  }

  private static String reason(int errno) {
    return Errno.nameOf(errno) + " (" + Errno.textOf(errno) + ")";
  }
}
