package kubeproxy.status;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.logging.Logger;

/// A listener and clients that speak to it byte by byte.
final class HttpFixture implements AutoCloseable {
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final HttpListener listener;

  HttpFixture(Route route, HttpListener.Setup setup) throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.listener = HttpListener.open("test", loopback, true, route, setup);
    opened.add(listener);
  }

  static HttpListener.Setup setup(Clock clock, int connections) {
    return new HttpListener.Setup(
        new HttpConnections(connections, System::nanoTime), clock, Logger.SILENT);
  }

  HttpListener listener() {
    return listener;
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(listener.address().getAddress(), listener.address().getPort());
    socket.setSoTimeout(20_000);
    opened.add(socket);
    return socket;
  }

  /// A client of another address of the loopback network.
  Socket connectFrom(String address) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
    socket.connect(listener.address());
    socket.setSoTimeout(20_000);
    opened.add(socket);
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// What comes until the other side ends.
  static String all(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// One answer of a connection that stays open.
  static String answer(Socket socket) throws IOException {
    InputStream input = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) read(input));
    }
    int length =
        Integer.parseInt(text.toString().replaceFirst("(?s)^.*Content-Length: (\\d+).*$", "$1"));
    for (int i = 0; i < length; i++) {
      text.append((char) read(input));
    }
    return text.toString();
  }

  private static int read(InputStream input) throws IOException {
    int next = input.read();
    if (next < 0) {
      throw new IOException("closed");
    }
    return next;
  }

  /// The whole conversation of a client that sends this and no more.
  String exchange(String text) throws IOException {
    Socket socket = connect();
    send(socket, text);
    socket.shutdownOutput();
    return all(socket);
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
