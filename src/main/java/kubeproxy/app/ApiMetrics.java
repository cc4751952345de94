package kubeproxy.app;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import kubeproxy.apiclient.ApiClientObserver;
import kubeproxy.apiclient.ClientEvent;
import kubeproxy.apiwatch.KindState;
import kubeproxy.events.EventCounts;
import kubeproxy.status.SourceState;

/// Metrics of talking to the API server: those of Kubernetes' clients with their names, labels and
/// buckets, and how it stands with each kind that is followed. Safe for any thread.
final class ApiMetrics implements ApiClientObserver {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Seconds; of Kubernetes' clients.
  private static final double[] LATENCY = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

  /// Bytes; of Kubernetes' clients.
  private static final double[] SIZE = {
    64, 256, 512, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20
  };

  private final PrometheusRegistry registry;
  private final LongSupplier nanoTime;
  private final Clock clock;
  private final Counter requests;
  private final Histogram duration;
  private final Histogram limited;
  private final Histogram sent;
  private final Histogram received;
  private final Counter plugins;
  private final Counter tokens;
  private volatile Optional<Instant> pluginExpires = Optional.empty();
  private volatile Optional<Instant> certificateExpires = Optional.empty();

  /// @param nanoTime the clock of the watches' states, monotonic nanoseconds
  ApiMetrics(PrometheusRegistry registry, LongSupplier nanoTime, Clock clock) {
    this.registry = registry;
    this.clock = clock;
    this.nanoTime = nanoTime;
    requests =
        counter(
            "rest_client_requests_total",
            "Number of HTTP requests, partitioned by status code, method, and host.",
            "code",
            "method",
            "host");
    duration =
        histogram("rest_client_request_duration_seconds", "Request latency in seconds.", LATENCY);
    limited =
        histogram(
            "rest_client_rate_limiter_duration_seconds",
            "Client side rate limiter latency in seconds.",
            LATENCY);
    sent = histogram("rest_client_request_size_bytes", "Request size in bytes.", SIZE);
    received = histogram("rest_client_response_size_bytes", "Response size in bytes.", SIZE);
    plugins =
        counter(
            "rest_client_exec_plugin_call_total",
            "Number of calls to an exec plugin, by exit code and kind of failure.",
            "code",
            "call_status");
    expiry(
        "kubeproxy_exec_plugin_expiry_timestamp_seconds",
        "When the credentials of the exec plugin expire",
        () -> pluginExpires);
    GaugeWithCallback.builder()
        .name("rest_client_exec_plugin_ttl_seconds")
        .help(
            "[ALPHA] Seconds until the credentials of the exec plugin expire, negative if they"
                + " have; +Inf without a plugin or an expiry.")
        .callback(callback -> callback.call(pluginSecondsLeft()))
        .register(registry);
    expiry(
        "kubeproxy_client_certificate_expiry_timestamp_seconds",
        "When the client certificate in use expires",
        () -> certificateExpires);
    tokens =
        counter(
            "kubeproxy_token_reads_total",
            "Readings of the token file by how they ended",
            "result");
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help("[ALPHA] " + help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /// Has no value where nothing expires: 0 would look like something that expired long ago.
  private void expiry(String name, String help, Supplier<Optional<Instant>> time) {
    GaugeWithCallback.builder()
        .name(name)
        .help("[ALPHA] " + help)
        .callback(callback -> time.get().ifPresent(known -> callback.call(seconds(known))))
        .register(registry);
  }

  private Histogram histogram(String name, String help, double[] bounds) {
    return Histogram.builder()
        .name(name)
        .help("[ALPHA] " + help + " Broken down by verb and host.")
        .labelNames("verb", "host")
        .classicOnly()
        .classicUpperBounds(bounds)
        .withoutExemplars()
        .register(registry);
  }

  @Override
  public void on(ClientEvent event) {
    switch (event) {
      case ClientEvent.Answered(
              String method,
              String host,
              int status,
              long bytes,
              Duration took) -> {
        requests.labelValues(Integer.toString(status), method, host).inc();
        duration.labelValues(method, host).observe(seconds(took));
        sent.labelValues(method, host).observe((double) bytes);
      }
      case ClientEvent.Failed(String method, String host, Duration took) -> {
        requests.labelValues("<error>", method, host).inc();
        duration.labelValues(method, host).observe(seconds(took));
      }
      case ClientEvent.Received(String method, String host, long bytes) ->
          received.labelValues(method, host).observe((double) bytes);
      case ClientEvent.Admitted(String method, String host, Duration waited) ->
          limited.labelValues(method, host).observe(seconds(waited));
      case ClientEvent.PluginCalled(int code, ClientEvent.PluginStatus status, var expires) -> {
        plugins.labelValues(Integer.toString(code), status.label()).inc();
        if (status == ClientEvent.PluginStatus.NO_ERROR) {
          pluginExpires = expires;
        }
      }
      case ClientEvent.CertificateUsed(Instant expires, _) ->
          certificateExpires = Optional.of(expires);
      case ClientEvent.TokenRead(boolean succeeded) ->
          tokens.labelValues(succeeded ? "read" : "failed").inc();
      case ClientEvent.Reconfigured() -> {}
    }
  }

  private double pluginSecondsLeft() {
    return pluginExpires
        .map(time -> seconds(time) - clock.millis() / 1e3)
        .orElse(Double.POSITIVE_INFINITY);
  }

  /// Shows how it stands with each kind.
  void watch(Supplier<List<KindState>> states) {
    show(
        states,
        "source_connected",
        "Whether changes of a kind are being heard of",
        state -> state.connected() ? 1 : 0);
    show(states, "source_objects", "Objects of a kind that are known", KindState::objects);
    show(
        states,
        "source_malformed_objects",
        "Objects that could not be decoded",
        KindState::malformed);
    show(states, "source_failures", "Failed attempts in a row", KindState::failures);
    show(states, "source_lists", "Complete lists so far", KindState::lists);
    show(states, "source_watches", "Watches begun or resumed so far", KindState::watches);
    show(states, "source_events", "Events so far", KindState::events);
    show(
        states,
        "source_last_event_age_seconds",
        "Time since the last event of a kind",
        state -> age(state.lastEventNanos()));
    show(
        states,
        "source_last_heard_age_seconds",
        "Time since the server last answered",
        state -> age(state.lastHeardNanos()));
  }

  /// A kind that the server does not have is not shown: it would look like a lost connection.
  private static Stream<KindState> present(List<KindState> states) {
    return states.stream().filter(state -> !state.absent());
  }

  /// The same for health.
  List<SourceState> sources(List<KindState> states) {
    return present(states)
        .map(state -> new SourceState(label(state), state.connected(), silentSeconds(state)))
        .toList();
  }

  private OptionalLong silentSeconds(KindState state) {
    OptionalLong heard = state.lastHeardNanos();
    return heard.isEmpty() ? heard : OptionalLong.of((long) age(heard));
  }

  /// Shows what became of events.
  void watchEvents(Supplier<EventCounts> counts) {
    CounterWithCallback.builder()
        .name("kubeproxy_events_total")
        .help("[ALPHA] Events for operators by what became of them")
        .labelNames("result")
        .callback(callback -> {
          EventCounts now = counts.get();
          callback.call((double) now.written(), "written");
          callback.call((double) now.heldBack(), "held_back");
          callback.call((double) now.dropped(), "dropped");
          callback.call((double) now.failed(), "failed");
        })
        .register(registry);
  }

  private double age(OptionalLong nanos) {
    return nanos.isEmpty()
        ? Double.NaN
        : (nanoTime.getAsLong() - nanos.getAsLong()) / NANOS_PER_SECOND;
  }

  private void show(
      Supplier<List<KindState>> states,
      String name,
      String help,
      ToDoubleFunction<KindState> value) {
    GaugeWithCallback.builder()
        .name("kubeproxy_" + name)
        .help("[ALPHA] " + help)
        .labelNames("kind")
        .callback(callback ->
            present(states.get())
                .forEach(state -> callback.call(value.applyAsDouble(state), label(state))))
        .register(registry);
  }

  private static String label(KindState state) {
    return state.kind().name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_SECOND;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1e3;
  }
}
