package kubeproxy.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kubeproxy.logging.Logger;

/// A small HTTP server with fixed paths. One thread waits for connections; each request runs on a
/// virtual thread of its own, so a slow client keeps nobody else waiting, and limits of
/// [HttpLimits] end it.
///
/// If the address is taken, listening is tried again until it works or the server is closed.
public final class StatusServer implements AutoCloseable {
  /// As kube-proxy does.
  static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

  private final String name;
  private final InetSocketAddress address;
  private final Map<String, Route> routes;
  private final Logger log;
  private final Duration retryInterval;
  private final CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  StatusServer(
      String name,
      InetSocketAddress address,
      Map<String, Route> routes,
      Logger log,
      Duration retryInterval) {
    this.name = name;
    this.address = address;
    this.routes = Map.copyOf(routes);
    this.log = log;
    this.retryInterval = retryInterval;
  }

  /// The server for health: `/healthz`, `/livez`, `/readyz`.
  public static StatusServer healthz(
      InetSocketAddress address, HealthState state, ProxyMetrics metrics, Logger log) {
    Map<String, Route> routes = new HealthRoutes(state, metrics).routes();
    return new StatusServer("healthz", address, routes, log, RETRY_INTERVAL);
  }

  /// The server for metrics: `/metrics`, `/proxyMode`, and a `/healthz` that always is `ok`.
  ///
  /// @param mode name of the proxy mode
  public static StatusServer metrics(
      InetSocketAddress address, ProxyMetrics metrics, String mode, Logger log) {
    Map<String, Route> routes =
        Map.of(
            "/metrics", new MetricsRoute(metrics),
            "/proxyMode", _ -> Answer.text(200, mode),
            "/healthz", _ -> Answer.text(200, "ok"));
    return new StatusServer("metrics", address, routes, log, RETRY_INTERVAL);
  }

  /// Starts listening, in the background if it does not work at once.
  public void start() {
    HttpLimits.apply();
    if (!listen()) {
      Thread.ofVirtual().name(name + "-listen").start(this::keepTrying);
    }
  }

  /// Completes with the address when the server listens.
  public CompletableFuture<InetSocketAddress> listening() {
    return listening.copy();
  }

  @Override
  public void close() {
    closed.countDown();
    listening.cancel(false);
  }

  private void keepTrying() {
    try {
      while (!closed.await(retryInterval.toNanos(), TimeUnit.NANOSECONDS)) {
        if (listen()) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean listen() {
    HttpServer server;
    try {
      server = HttpServer.create(address, HttpLimits.BACKLOG);
    } catch (IOException e) {
      log.error(e, "Cannot listen, will try again", "server", name, "address", address);
      return false;
    }
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", this::exchange);
    server.start();
    log.v(2).info("Listening", "server", name, "address", server.getAddress());
    listening.complete(server.getAddress());
    Thread.ofVirtual().name(name + "-close").start(() -> stopWhenClosed(server, threads));
    return true;
  }

  private void stopWhenClosed(HttpServer server, ExecutorService threads) {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    threads.shutdownNow();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      Route route = routes.get(exchange.getRequestURI().getPath());
      Answer answer =
          route == null ? Answer.notFound() : route.answer(exchange.getRequestHeaders());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      boolean bodiless = head || answer.body().length == 0;
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body().length));
      }
      exchange.sendResponseHeaders(answer.code(), bodiless ? -1 : answer.body().length);
      if (!bodiless) {
        try (OutputStream body = exchange.getResponseBody()) {
          body.write(answer.body());
        }
      }
    }
  }
}
