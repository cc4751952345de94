package kubeproxy.bench;

import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Datagrams;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;

/// Clients of datagrams: each has so many of them under way and sends another for each answer.
final class DatagramLoad {
  private static final IpAddress ADDRESS = IpAddress.of("127.0.0.1");
  private static final int PLACES = 64;
  private static final int RECEIVE_BYTES = 4 << 20;
  private static final int PATIENCE_MILLIS = 200;
  private static final int MESSAGE_BYTES = 64;

  private DatagramLoad() {}

  /// What came of it.
  ///
  /// @param perSecond answers a second
  /// @param lost how many had to be sent again
  record Result(double perSecond, long lost) {}

  /// Waits for so many answers.
  static Result run(int port, int clients, int underWay, int answers) {
    Sockets sockets = new Sockets();
    Datagrams datagrams = new Datagrams(PLACES);
    Epoll epoll = EchoServer.epoll();
    int[] descriptors = new int[clients];
    for (int i = 0; i < clients; i++) {
      int socket =
          EchoServer.check(
              sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM, Sockets.IPPROTO_UDP));
      sockets.option(socket, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, RECEIVE_BYTES);
      EchoServer.check(sockets.connect(socket, ADDRESS, port));
      EchoServer.check(epoll.add(socket, Epoll.EPOLLIN, socket));
      descriptors[i] = socket;
    }
    long start = System.nanoTime();
    for (int socket : descriptors) {
      send(datagrams, socket, underWay);
    }
    long received = 0;
    long lost = 0;
    while (received < answers) {
      int events = epoll.await(PATIENCE_MILLIS);
      if (events == 0) {
        lost += (long) clients * underWay;
        for (int socket : descriptors) {
          send(datagrams, socket, underWay);
        }
      }
      for (int i = 0; i < events; i++) {
        int socket = (int) epoll.data(i);
        int count = datagrams.receive(socket);
        if (count > 0) {
          received += count;
          send(datagrams, socket, count);
        } else if (count != -Errno.ECONNREFUSED.number()) {
          EchoServer.check(count);
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (int socket : descriptors) {
      sockets.close(socket);
    }
    sockets.close(epoll.descriptor());
    return new Result(received / seconds, lost);
  }

  private static void send(Datagrams datagrams, int socket, int count) {
    datagrams.clear();
    for (int i = 0; i < count; i++) {
      datagrams.begin(null, 0);
      datagrams.add(i, 0, MESSAGE_BYTES);
    }
    int next = 0;
    while (next < count) {
      next += Math.max(1, datagrams.send(socket, next));
    }
    datagrams.clear();
  }
}
