package kubeproxy.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;

/// A backend on the loopback interface, each connection on a thread of its own.
final class StreamBackend implements AutoCloseable {
  private final ServerSocket listener;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /// What it does with a connection, which is closed afterwards.
  interface Service {
    void serve(Socket socket) throws IOException;
  }

  StreamBackend(Service service) throws IOException {
    this("127.0.0.1", service);
  }

  StreamBackend(String address, Service service) throws IOException {
    listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 1000);
    // A close takes effect at once only if no virtual thread waits in accept: those close the
    // listener when it is their turn, and until then the kernel goes on accepting.
    Thread.ofPlatform().daemon().name("backend").start(() -> accept(service));
  }

  /// Gives back whatever comes.
  static StreamBackend echo() throws IOException {
    return new StreamBackend(
        socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
  }

  /// Says a word and ends.
  static StreamBackend saying(String word) throws IOException {
    return new StreamBackend(
        socket -> socket.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8)));
  }

  Backend backend() {
    return new Backend(
        IpAddress.ofBytes(listener.getInetAddress().getAddress()), listener.getLocalPort());
  }

  /// How many connections it has had.
  int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept(Service service) {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(service, socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private static void serve(Service service, Socket socket) {
    try (socket) {
      service.serve(socket);
    } catch (IOException _) {
      // The client ended abruptly, which some tests are about.
    }
  }
}
