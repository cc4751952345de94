package kubeproxy.status;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import kubeproxy.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A small HTTP server with fixed paths. Each connection has a virtual thread of its own, and
/// [HttpConnections] and [HttpLimits] see to it that no client keeps another waiting.
///
/// If the address is taken, listening is tried again until it works or the server is closed, unless
/// [#startOrFail] was asked for.
public final class StatusServer implements AutoCloseable {
  /// As kube-proxy does.
  static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

  private final String name;
  private final InetSocketAddress address;
  private final Route route;
  private final HttpListener.Setup setup;
  private final Duration retryInterval;
  private final CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable HttpListener listener;

  StatusServer(
      String name,
      InetSocketAddress address,
      Map<String, Route> routes,
      HttpListener.Setup setup,
      Duration retryInterval) {
    this.name = name;
    this.address = address;
    this.route = byPath(Map.copyOf(routes));
    this.setup = setup;
    this.retryInterval = retryInterval;
  }

  private static Route byPath(Map<String, Route> routes) {
    return request -> {
      Route route = routes.get(request.path());
      return route == null ? Answer.notFound() : route.answer(request);
    };
  }

  /// The server for health: `/healthz`, `/livez`, `/readyz`.
  public static StatusServer healthz(
      InetSocketAddress address, HealthState state, ProxyMetrics metrics, Logger log) {
    Map<String, Route> routes = new HealthRoutes(state, metrics).routes();
    return new StatusServer("healthz", address, routes, setup(state.clock(), log), RETRY_INTERVAL);
  }

  /// The server for metrics: `/metrics`, `/metrics/slis`, `/proxyMode`, a `/healthz` that always is
  /// `ok`, and what the process tells of itself.
  ///
  /// @param mode name of the proxy mode
  /// @param verbosity told what is put to `/debug/flags/v`, 0 or more, by any thread; empty if
  ///     nothing below `/debug` is served (`--profiling`)
  public static StatusServer metrics(
      InetSocketAddress address,
      ProxyMetrics metrics,
      String mode,
      ComponentPages pages,
      Optional<IntConsumer> verbosity,
      Logger log) {
    Map<String, Route> routes = metricsRoutes(metrics, mode);
    verbosity.ifPresent(changed -> routes.putAll(new DebugRoutes(changed).routes()));
    routes.putAll(pages.routes(new TreeSet<>(routes.keySet()), metrics.clock()));
    return metrics(address, routes, metrics, log);
  }

  private static StatusServer metrics(
      InetSocketAddress address, Map<String, Route> routes, ProxyMetrics metrics, Logger log) {
    return new StatusServer(
        "metrics", address, routes, setup(metrics.clock(), log), RETRY_INTERVAL);
  }

  private static Map<String, Route> metricsRoutes(ProxyMetrics metrics, String mode) {
    Map<String, Route> routes = new HashMap<>(new PingRoutes().routes());
    routes.put("/metrics", new MetricsRoute(metrics.registry()));
    routes.put("/proxyMode", _ -> Answer.text(200, mode));
    return routes;
  }

  private static HttpListener.Setup setup(Clock clock, Logger log) {
    HttpConnections connections = new HttpConnections(HttpLimits.MAX_CONNECTIONS, System::nanoTime);
    return new HttpListener.Setup(connections, clock, log);
  }

  /// Starts listening, in the background if it does not work at once.
  public void start() {
    if (!listen(_ -> {})) {
      Thread.ofVirtual().name(name + "-listen").start(this::keepTrying);
    }
  }

  /// Starts listening now or never (`--bind-address-hard-fail`).
  ///
  /// @param failed told why listening failed, by the calling thread
  public void startOrFail(Consumer<IOException> failed) {
    listen(failed);
  }

  /// Completes with the address when the server listens.
  public CompletableFuture<InetSocketAddress> listening() {
    return listening.copy();
  }

  /// Ends listening and all connections; afterwards the address is free.
  @Override
  public synchronized void close() {
    closed.countDown();
    listening.cancel(false);
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  private void keepTrying() {
    try {
      while (!closed.await(retryInterval.toNanos(), TimeUnit.NANOSECONDS)) {
        if (listen(_ -> {})) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether nothing is left to try.
  private synchronized boolean listen(Consumer<IOException> failed) {
    if (closed.getCount() == 0) {
      return true;
    }
    try {
      HttpListener opened = HttpListener.open(name, address, false, route, setup);
      listener = opened;
      setup
          .log()
          .v(2)
          .info("Listening", "server", name, "address", HttpListener.text(opened.address()));
      listening.complete(opened.address());
      return true;
    } catch (IOException e) {
      setup.log().error(e, "Cannot listen", "server", name, "address", HttpListener.text(address));
      failed.accept(e);
      return false;
    }
  }
}
