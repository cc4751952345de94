package kubeproxy.bench;

import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.socket.DatagramPeer;
import kubeproxy.kernel.socket.Datagrams;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.kernel.socket.Streams;
import kubeproxy.model.IpAddress;

/// Gives back what it gets, as cheaply as it can, so that proxies in front of it are what is
/// measured.
final class EchoServer {
  private static final IpAddress LOOPBACK = IpAddress.of("127.0.0.1");
  private static final int BACKLOG = 4096;
  private static final int RECEIVE_BYTES = 4 << 20;
  private static final int PLACES = 64;

  private EchoServer() {}

  /// Serves connections for ever, on the calling thread.
  static void streams(int port) {
    Sockets sockets = new Sockets();
    Streams streams = new Streams(64 << 10);
    Epoll epoll = epoll();
    int listener = sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, Sockets.IPPROTO_TCP);
    check(sockets.option(listener, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1));
    check(sockets.option(listener, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1));
    check(sockets.bind(listener, LOOPBACK, port));
    check(sockets.listen(listener, BACKLOG));
    check(epoll.add(listener, Epoll.EPOLLIN, listener));
    while (true) {
      int events = epoll.await(-1);
      for (int i = 0; i < events; i++) {
        int descriptor = (int) epoll.data(i);
        if (descriptor == listener) {
          int accepted = sockets.accept(listener);
          if (accepted >= 0) {
            check(epoll.add(accepted, Epoll.EPOLLIN, accepted));
          }
        } else {
          int bytes = streams.receive(descriptor);
          if (bytes > 0) {
            streams.send(descriptor, 0, bytes);
          } else if (bytes != -Errno.EAGAIN.number()) {
            sockets.close(descriptor);
          }
        }
      }
    }
  }

  /// Serves datagrams for ever, on the calling thread.
  static void datagrams(int port) {
    Sockets sockets = new Sockets();
    Datagrams datagrams = new Datagrams(PLACES);
    Epoll epoll = epoll();
    int socket = sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM, Sockets.IPPROTO_UDP);
    check(sockets.option(socket, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, RECEIVE_BYTES));
    check(sockets.bind(socket, LOOPBACK, port));
    check(epoll.add(socket, Epoll.EPOLLIN, socket));
    DatagramPeer peer = new DatagramPeer();
    while (true) {
      epoll.await(-1);
      int count = datagrams.receive(socket);
      for (int i = 0; i < count; i++) {
        datagrams.readControl(i);
        datagrams.readPeer(i, peer);
        datagrams.begin(peer, 0);
        datagrams.add(i, 0, datagrams.length(i));
      }
      int next = 0;
      while (next < datagrams.messages()) {
        next += Math.max(1, datagrams.send(socket, next));
      }
      datagrams.clear();
    }
  }

  static Epoll epoll() {
    try {
      return new Epoll(256);
    } catch (KernelException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException(Errno.nameOf(-result));
    }
    return result;
  }
}
