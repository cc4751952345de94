package kubeproxy.status;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The `/healthz` of the metrics server, whose one check is `ping`, and `/metrics/slis`, which
/// tells how the checks went (KEP-3466). Whether the proxy works is told by [HealthRoutes].
final class PingRoutes {
  private static final String CHECK = "ping";
  private static final String TYPE = "healthz";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Gauge last =
      Gauge.builder()
          .name("kubernetes_healthcheck")
          .help("[STABLE] This metric records the result of a single healthcheck.")
          .labelNames("name", "type")
          .withoutExemplars()
          .register(registry);
  private final Counter all =
      Counter.builder()
          .name("kubernetes_healthchecks_total")
          .help("[STABLE] This metric records the results of all healthcheck.")
          .labelNames("name", "status", "type")
          .withoutExemplars()
          .register(registry);
  private final Route shown = new MetricsRoute(registry);

  Map<String, Route> routes() {
    return Map.of(
        "/healthz", this::health, "/healthz/ping", _ -> ok(), "/metrics/slis", this::indicators);
  }

  /// Parameters are those of Kubernetes' components: `verbose`, and any number of `exclude`.
  private Answer health(Request request) {
    Set<String> excluded = new TreeSet<>(request.parameters("exclude"));
    StringBuilder lines = new StringBuilder("[+]" + CHECK);
    if (excluded.remove(CHECK)) {
      lines.append(" excluded: ok\n");
    } else {
      last.labelValues(CHECK, TYPE).set(1);
      all.labelValues(CHECK, "success", TYPE).inc();
      lines.append(" ok\n");
    }
    if (request.parameter("verbose").isEmpty()) {
      return ok();
    }
    if (!excluded.isEmpty()) {
      lines
          .append("warn: some health checks cannot be excluded: no matches for \"")
          .append(String.join("\",\"", excluded))
          .append("\"\n");
    }
    return Answer.text(200, lines.append(TYPE).append(" check passed\n").toString());
  }

  private static Answer ok() {
    return Answer.text(200, "ok");
  }

  private Answer indicators(Request request) throws InterruptedException {
    if (!request.method().equals("DELETE")) {
      return shown.answer(request);
    }
    last.clear();
    all.clear();
    return Answer.text(200, "metrics reset\n");
  }
}
