package kubeproxy.relay;

import kubeproxy.kernel.socket.SctpMessages;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.Protocol;

/// What streams of TCP and SCTP differ in.
enum Transport {
  TCP(6) {
    @Override
    void prepare(Sockets sockets, int descriptor) {
      int _ = sockets.option(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
      int _ = sockets.option(descriptor, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE, 1);
      int _ =
          sockets.option(
              descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
      int _ =
          sockets.option(
              descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
    }
  },
  SCTP(132) {
    @Override
    void prepare(Sockets sockets, int descriptor) {
      // The kernel looks after the other side by itself (heartbeats).
      int _ = sockets.option(descriptor, Sockets.IPPROTO_SCTP, Sockets.SCTP_NODELAY, 1);
      int _ = SctpMessages.prepare(sockets, descriptor);
    }
  };

  // A side that vanished without a word is noticed in about three minutes, nine probes being the
  // kernel's default. Clients and backends cannot notice for each other: each sees only us.
  private static final int KEEPALIVE_IDLE_SECONDS = 60;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 15;

  private final int number;

  Transport(int number) {
    this.number = number;
  }

  /// That of a protocol that has connections.
  static Transport of(Protocol protocol) {
    return switch (protocol) {
      case TCP -> TCP;
      case SCTP -> SCTP;
      case UDP -> throw new IllegalArgumentException("UDP has no connections");
    };
  }

  /// The protocol to make sockets of.
  int number() {
    return number;
  }

  /// Sets the options of a socket before it connects or listens; accepted connections inherit them.
  /// What the kernel refuses is left as it is: connections work without.
  abstract void prepare(Sockets sockets, int descriptor);
}
