package kubeproxy.status;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;

/// A socket that listens, with a virtual thread that accepts connections. Each is served by a
/// virtual thread of its own.
final class HttpListener implements AutoCloseable {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  private final String name;
  private final ServerSocketChannel channel;
  private final Route route;
  private final Setup setup;
  private final LogLimit acceptFailures;
  private final Thread acceptor;

  /// What listeners may share.
  ///
  /// @param clock for the header `Date`
  record Setup(HttpConnections connections, Clock clock, Logger log) {}

  private HttpListener(String name, ServerSocketChannel channel, Route route, Setup setup) {
    this.name = name;
    this.channel = channel;
    this.route = route;
    this.setup = setup;
    this.acceptFailures = new LogLimit("accept", LOG_INTERVAL, setup.connections()::now);
    this.acceptor = Thread.ofVirtual().name(name + "-accept").unstarted(this::acceptAll);
  }

  /// Listens, and answers from now on.
  ///
  /// @param ipv4Only otherwise `0.0.0.0` listens for IPv6, too, as in Go
  static HttpListener open(
      String name, InetSocketAddress address, boolean ipv4Only, Route route, Setup setup)
      throws IOException {
    ServerSocketChannel channel =
        ipv4Only && address.getAddress() instanceof Inet4Address
            ? ServerSocketChannel.open(StandardProtocolFamily.INET)
            : ServerSocketChannel.open();
    try {
      channel.bind(address, HttpLimits.BACKLOG);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    HttpListener listener = new HttpListener(name, channel, route, setup);
    listener.acceptor.start();
    return listener;
  }

  /// An address and its port as one writes them, for logs and events.
  static String text(InetSocketAddress address) {
    return IpAddress.ofBytes(address.getAddress().getAddress()).withPort(address.getPort());
  }

  /// Where it listens.
  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /// Stops listening and ends all connections. Afterwards clients are refused, unless the machine
  /// is so busy that a thread got no turn for [HttpLimits#CLOSE_PATIENCE].
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      setup.log().v(2).info("Cannot close", "server", name, "err", e);
    }
    setup.connections().closeOf(this);
    acceptor.interrupt();
    try {
      // The socket goes on listening until the thread that waits on it has let go.
      acceptor.join(HttpLimits.CLOSE_PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptAll() {
    HttpConnections connections = setup.connections();
    ServerSocket socket = channel.socket();
    try {
      while (channel.isOpen()) {
        try {
          // Nothing has to be looked after while there are no connections.
          int patience = connections.isEmpty() ? 0 : Math.toIntExact(HttpLimits.TICK.toMillis());
          socket.setSoTimeout(patience);
          serve(socket.accept().getChannel());
        } catch (SocketTimeoutException _) {
          // Time to look for connections that are late.
        } catch (IOException e) {
          if (channel.isOpen()) {
            setup.log().limited(acceptFailures).error(e, "Cannot accept", "server", name);
            Thread.sleep(HttpLimits.ACCEPT_PAUSE);
          }
        }
        connections.closeLate();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    connections.closeOf(this);
  }

  private void serve(SocketChannel client) throws IOException {
    boolean served = false;
    try {
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      HttpConnection connection = new HttpConnection(client, this, setup.connections());
      served = setup.connections().admit(connection);
      if (served) {
        Thread.ofVirtual().name(name).start(connection);
      }
    } finally {
      if (!served) {
        client.close();
      }
    }
  }

  /// What is answered to a request. A mistake in a route costs this answer, not the proxy.
  Answer answer(Request request) throws InterruptedException {
    try {
      return route.answer(request);
    } catch (RuntimeException e) {
      setup.log().error(e, "Cannot answer", "server", name, "path", request.path());
      return Answer.text(500, "500 internal error\n");
    }
  }

  /// Status line and headers of an answer.
  byte[] head(Answer answer, long bodyBytes, boolean keepAlive) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(answer.code()).append(' ').append(reason(answer.code()));
    answer.headers().forEach((key, value) -> field(head, key, value));
    field(head, "Date", DATE.format(setup.clock().instant()));
    field(head, "Content-Length", Long.toString(bodyBytes));
    if (!keepAlive) {
      field(head, "Connection", "close");
    }
    return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void field(StringBuilder head, String key, String value) {
    head.append("\r\n").append(key).append(": ").append(value);
  }

  private static String reason(int code) {
    return switch (code) {
      case 200 -> "OK";
      case 302 -> "Found";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 411 -> "Length Required";
      case 413 -> "Content Too Large";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> "Status";
    };
  }
}
