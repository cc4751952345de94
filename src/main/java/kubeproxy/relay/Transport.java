package kubeproxy.relay;

import kubeproxy.kernel.socket.SctpMessages;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.Protocol;

/// What streams of TCP and SCTP differ in.
enum Transport {
  TCP(6) {
    @Override
    void prepareListener(Sockets sockets, int descriptor) {
      hasten(sockets, descriptor);
      keepAlive(sockets, descriptor);
    }

    @Override
    void prepareDialed(Sockets sockets, int descriptor) {
      // Four calls, of which a short connection notices nothing.
    }

    @Override
    void hasten(Sockets sockets, int descriptor) {
      int _ = sockets.option(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
    }

    @Override
    void keepAlive(Sockets sockets, int descriptor) {
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
    void prepareListener(Sockets sockets, int descriptor) {
      prepareDialed(sockets, descriptor);
    }

    @Override
    void prepareDialed(Sockets sockets, int descriptor) {
      hasten(sockets, descriptor);
      int _ = SctpMessages.prepare(sockets, descriptor);
    }

    @Override
    void hasten(Sockets sockets, int descriptor) {
      int _ = sockets.option(descriptor, Sockets.IPPROTO_SCTP, Sockets.SCTP_NODELAY, 1);
    }

    @Override
    void keepAlive(Sockets sockets, int descriptor) {
      // The kernel looks after the other side by itself (heartbeats).
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

  /// Sets the options of a socket before it listens; accepted connections inherit them. What the
  /// kernel refuses is left as it is, here and below: connections work without.
  abstract void prepareListener(Sockets sockets, int descriptor);

  /// Sets the options that a socket must have before it connects.
  abstract void prepareDialed(Sockets sockets, int descriptor);

  /// Has the kernel send small pieces at once. Without, the first is sent at once all the same
  /// (RFC 9293, 3.7.4).
  abstract void hasten(Sockets sockets, int descriptor);

  /// Has the kernel find out whether the other side is still there.
  abstract void keepAlive(Sockets sockets, int descriptor);
}
