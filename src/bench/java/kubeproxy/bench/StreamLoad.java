package kubeproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.kernel.socket.Streams;
import kubeproxy.model.IpAddress;

/// Clients and backends of streams.
final class StreamLoad {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final IpAddress ADDRESS = IpAddress.of("127.0.0.1");
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int MESSAGE_BYTES = 64;
  private static final int CONCURRENT = 32;

  private StreamLoad() {}

  /// Takes streams for ever: first their length, which is answered with a byte when all is there.
  static void sink(int port) {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(LOOPBACK, port), 4096);
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.ofPlatform().daemon().start(() -> swallow(channel));
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void swallow(SocketChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (channel) {
      while (buffer.position() < Long.BYTES) {
        if (channel.read(buffer) < 0) {
          return;
        }
      }
      long left = buffer.getLong(0) + Long.BYTES - buffer.position();
      while (left > 0) {
        buffer.clear();
        int bytes = channel.read(buffer);
        if (bytes < 0) {
          return;
        }
        left -= bytes;
      }
      channel.write(ByteBuffer.allocate(1));
      buffer.clear();
      int _ = channel.read(buffer);
    } catch (IOException _) {
      // The client is gone.
    }
  }

  /// Sends through so many connections at once; returns seconds.
  static double throughput(int port, int connections, long bytesEach) throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      long start = System.nanoTime();
      List<Future<Boolean>> ends = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        ends.add(threads.submit(() -> send(port, bytesEach)));
      }
      for (Future<Boolean> end : ends) {
        if (!end.get()) {
          throw new IOException("a stream was cut off");
        }
      }
      return (System.nanoTime() - start) / 1e9;
    } catch (InterruptedException | ExecutionException failure) {
      throw new IOException(failure);
    }
  }

  private static boolean send(int port, long bytes) throws IOException {
    try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(LOOPBACK, port))) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
      buffer.putLong(0, bytes).limit(Long.BYTES);
      channel.write(buffer);
      long left = bytes;
      while (left > 0) {
        buffer.clear().limit((int) Math.min(CHUNK_BYTES, left));
        left -= channel.write(buffer);
      }
      buffer.clear();
      return channel.read(buffer) == 1;
    }
  }

  /// Round trips of a small message on one connection, in microseconds.
  static double[] latency(int port, int count) throws IOException {
    double[] micros = new double[count];
    try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(LOOPBACK, port))) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        channel.write(buffer.clear());
        buffer.clear();
        while (buffer.hasRemaining()) {
          if (channel.read(buffer) < 0) {
            throw new IOException("the connection was cut off");
          }
        }
        micros[i] = (System.nanoTime() - start) / 1e3;
      }
    }
    Arrays.sort(micros);
    return micros;
  }

  /// Makes so many connections, several at once, each for a message and its answer; returns how
  /// many a second.
  static double connectionRate(int port, int count) {
    Sockets sockets = new Sockets();
    Streams streams = new Streams(MESSAGE_BYTES);
    Epoll epoll = EchoServer.epoll();
    long start = System.nanoTime();
    int begun = 0;
    int done = 0;
    for (; begun < CONCURRENT; begun++) {
      connect(sockets, epoll, port);
    }
    while (done < count) {
      int events = epoll.await(-1);
      for (int i = 0; i < events; i++) {
        int descriptor = (int) epoll.data(i);
        int bytes = streams.receive(descriptor);
        if (bytes == MESSAGE_BYTES) {
          sockets.close(descriptor);
          done++;
          if (begun < count) {
            begun++;
            connect(sockets, epoll, port);
          }
        } else if (bytes == -Errno.EAGAIN.number()) {
          EchoServer.check(streams.send(descriptor, 0, MESSAGE_BYTES));
        } else {
          throw new IllegalStateException("a connection ended with " + bytes);
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    sockets.close(epoll.descriptor());
    return count / seconds;
  }

  /// What to do while connections are open.
  interface Action {
    void run() throws IOException;
  }

  /// Makes so many connections, lets each carry a message and its answer, and does something while
  /// all of them are silent. Afterwards each has to carry another one.
  ///
  /// @param ports where to connect to, in turns
  static void whileIdle(List<Integer> ports, int count, Action action) throws IOException {
    Sockets sockets = new Sockets();
    Streams streams = new Streams(MESSAGE_BYTES);
    Epoll epoll = EchoServer.epoll();
    int[] open = new int[count];
    for (int i = 0; i < count; i += CONCURRENT) {
      int end = Math.min(count, i + CONCURRENT);
      for (int k = i; k < end; k++) {
        open[k] = connect(sockets, epoll, ports.get(k % ports.size()));
      }
      awaitAnswers(streams, epoll, end - i);
    }
    action.run();
    for (int i = 0; i < count; i += CONCURRENT) {
      int end = Math.min(count, i + CONCURRENT);
      for (int k = i; k < end; k++) {
        EchoServer.check(streams.send(open[k], 0, MESSAGE_BYTES));
      }
      awaitAnswers(streams, epoll, end - i);
    }
    for (int descriptor : open) {
      sockets.close(descriptor);
    }
    sockets.close(epoll.descriptor());
  }

  // One that can be written to and has nothing to say has just been connected.
  private static void awaitAnswers(Streams streams, Epoll epoll, int count) throws IOException {
    int answers = 0;
    while (answers < count) {
      int events = epoll.await(-1);
      for (int i = 0; i < events; i++) {
        int descriptor = (int) epoll.data(i);
        int bytes = streams.receive(descriptor);
        if (bytes == MESSAGE_BYTES) {
          answers++;
        } else if (bytes == -Errno.EAGAIN.number()) {
          EchoServer.check(streams.send(descriptor, 0, MESSAGE_BYTES));
        } else {
          throw new IOException("a connection ended with " + bytes);
        }
      }
    }
  }

  private static int connect(Sockets sockets, Epoll epoll, int port) {
    int socket =
        EchoServer.check(sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, Sockets.IPPROTO_TCP));
    int result = sockets.connect(socket, ADDRESS, port);
    if (result < 0 && result != -Errno.EINPROGRESS.number()) {
      EchoServer.check(result);
    }
    // Told once that it can be written to, and then of each answer.
    EchoServer.check(epoll.add(socket, Epoll.EPOLLIN | Epoll.EPOLLOUT | Epoll.EPOLLET, socket));
    return socket;
  }
}
