package kubeproxy.testing.api;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// An API server on a loopback port of its own, plain or with TLS. Serves HTTP/1.1, with a virtual
/// thread per connection.
///
/// Whatever answers, its [#faults()] come first.
public final class FakeApiServer implements AutoCloseable {
  private static final int FIRST_PORT = 20_000;
  private static final int END_OF_PORTS = 32_000;
  private static final int MAX_ATTEMPTS = 100;

  private final Answers answers;
  private final Faults faults = new Faults();
  private final CallLog calls = new CallLog();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> connections = new HashSet<>();
  private final boolean tls;
  private volatile Optional<ServerKeys> keys;
  private volatile @Nullable ServerSocket listener;
  private volatile Thread acceptor = Thread.currentThread();
  private final int port;
  private int accepted;

  private FakeApiServer(Answers answers, Optional<ServerKeys> keys, int wantedPort)
      throws IOException {
    this.answers = answers;
    this.keys = keys;
    this.tls = keys.isPresent();
    ServerSocket first = listen(wantedPort);
    this.port = first.getLocalPort();
    accept(first);
  }

  /// Serves plain HTTP on any port.
  public static FakeApiServer start(Answers answers) throws IOException {
    return new FakeApiServer(answers, Optional.empty(), 0);
  }

  /// Serves HTTPS on any port.
  public static FakeApiServer start(Answers answers, ServerKeys keys) throws IOException {
    return new FakeApiServer(answers, Optional.of(keys), 0);
  }

  /// Serves plain HTTP on a port.
  static FakeApiServer startOn(int port, Answers answers) throws IOException {
    return new FakeApiServer(answers, Optional.empty(), port);
  }

  /// Serves HTTPS on a port.
  static FakeApiServer startOn(int port, Answers answers, ServerKeys keys) throws IOException {
    return new FakeApiServer(answers, Optional.of(keys), port);
  }

  /// Where it is.
  public URI address() {
    return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + port);
  }

  /// What goes wrong.
  public Faults faults() {
    return faults;
  }

  /// What was asked.
  public CallLog calls() {
    return calls;
  }

  /// How many connections were accepted.
  public synchronized int accepted() {
    return accepted;
  }

  /// Refuses connections until [#listenAgain()], and resets those that there are.
  public void stopListening() throws IOException {
    ServerSocket present = listener;
    listener = null;
    if (present != null) {
      present.close();
      try {
        acceptor.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    cutAll();
  }

  /// Accepts connections again, on the same port.
  public void listenAgain() throws IOException {
    accept(listen(port));
  }

  /// Shows another certificate to those who connect from now on.
  public void useKeys(ServerKeys newKeys) {
    keys = Optional.of(newKeys);
  }

  /// Resets all connections.
  public synchronized void cutAll() throws IOException {
    for (Socket socket : connections) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // It was closed at the same time.
      }
      socket.close();
    }
    connections.clear();
  }

  @Override
  public void close() throws IOException {
    stopListening();
    threads.shutdownNow();
  }

  /// Any port is one outside the range that the kernel gives to clients: one that connects to a
  /// port of that range on which nobody listens may be given that very port, and then talks to
  /// itself.
  private static ServerSocket listen(int wanted) throws IOException {
    if (wanted != 0) {
      return bound(wanted);
    }
    BindException last = new BindException();
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return bound(ThreadLocalRandom.current().nextInt(FIRST_PORT, END_OF_PORTS));
      } catch (BindException e) {
        last = e;
      }
    }
    throw last;
  }

  private static ServerSocket bound(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  @SuppressWarnings("ReferenceEquality") // It is about this very socket.
  private void accept(ServerSocket socket) {
    listener = socket;
    acceptor =
        Thread.ofPlatform()
            .daemon()
            .name("fake-api-server")
            .start(() -> {
              while (listener == socket) {
                try {
                  Socket connection = socket.accept();
                  add(connection);
                  var _ = threads.submit(() -> serve(connection));
                } catch (IOException e) {
                  return;
                }
              }
            });
  }

  private void serve(Socket plain) {
    try (Socket socket = secured(plain)) {
      socket.setTcpNoDelay(true);
      new HttpConnection(socket, calls).serve(answers, faults);
    } catch (IOException | InterruptedException e) {
      // The client is gone, or a fault or the test has ended the connection.
    } finally {
      remove(plain);
    }
  }

  private synchronized void add(Socket socket) {
    accepted++;
    connections.add(socket);
  }

  private synchronized void remove(Socket socket) {
    connections.remove(socket);
  }

  private Socket secured(Socket plain) throws IOException {
    Optional<ServerKeys> present = keys;
    if (present.isEmpty()) {
      return plain;
    }
    SSLSocket socket =
        (SSLSocket)
            present.get().context().getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }
}
