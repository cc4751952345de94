package kubeproxy.apiclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import kubeproxy.testing.TestAuthority;
import kubeproxy.testing.TestAuthority.Issued;

/// An HTTPS server on loopback that answers every request the same way and remembers it.
final class TlsServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile HttpHandler handler = exchange -> answer(exchange, 200, "ok");

  /// A request as it arrived.
  ///
  /// @param client subject of the client certificate; empty without one
  record Seen(String line, com.sun.net.httpserver.Headers headers, String body, String client) {
    String header(String name) {
      String value = headers.getFirst(name);
      return value == null ? "" : value;
    }
  }

  private TlsServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /// A server on a port, 0 for any, that shows a certificate.
  static TlsServer start(TestAuthority authority, Issued issued, int port) throws IOException {
    HttpsServer server = HttpsServer.create(at(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    SSLContext context = authority.serverContext(issued);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    return new TlsServer(server);
  }

  /// A server for 127.0.0.1.
  static TlsServer start(TestAuthority authority) throws IOException {
    return start(authority, authority.issue("server", "127.0.0.1", "localhost"), 0);
  }

  /// A server without TLS.
  static TlsServer plain() throws IOException {
    return new TlsServer(HttpServer.create(at(InetAddress.ofLiteral("127.0.0.1"), 0), 0));
  }

  private static InetSocketAddress at(InetAddress address, int port) {
    return new InetSocketAddress(address, port);
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + port();
  }

  /// How requests are answered from now on.
  void answerWith(HttpHandler how) {
    handler = how;
  }

  List<Seen> seen() {
    return seen;
  }

  Seen last() {
    return seen.getLast();
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    seen.add(new Seen(line, exchange.getRequestHeaders(), body, client(exchange)));
    handler.handle(exchange);
  }

  private static String client(HttpExchange exchange) {
    try {
      return exchange instanceof HttpsExchange secure
          ? ((X509Certificate) secure.getSSLSession().getPeerCertificates()[0])
              .getSubjectX500Principal()
              .getName()
          : "";
    } catch (SSLPeerUnverifiedException _) {
      return "";
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
