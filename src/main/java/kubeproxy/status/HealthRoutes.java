package kubeproxy.status;

import java.util.Map;
import kubeproxy.status.HealthState.Report;

/// The health answers.
///
/// `/livez` is as kube-proxy's. `/healthz` differs in one thing: it is 503 until every family has
/// been synced once, so that load balancers do not send traffic to a node without rules. `/readyz`
/// tells just that and, where objects come from an API server, how old what is known of them is: a
/// server that is away is no reason to restart anything.
final class HealthRoutes {
  private final HealthState state;
  private final ProxyMetrics metrics;
  private final HealthJson json;

  HealthRoutes(HealthState state, ProxyMetrics metrics) {
    this.state = state;
    this.metrics = metrics;
    this.json = new HealthJson(state.clock().getZone());
  }

  Map<String, Route> routes() {
    return Map.of("/healthz", _ -> healthz(), "/livez", _ -> livez(), "/readyz", _ -> readyz());
  }

  private Answer healthz() {
    Report report = state.report();
    boolean healthy = report.live() && report.ready();
    boolean good = healthy && report.nodeEligible();
    metrics.healthzAnswered(code(good));
    return Answer.json(code(good), json.body(report, good, true, healthy));
  }

  private Answer livez() {
    Report report = state.report();
    metrics.livezAnswered(code(report.live()));
    return Answer.json(code(report.live()), json.body(report, report.live(), false, report.live()));
  }

  private Answer readyz() {
    Report report = state.report();
    String body = json.body(report, report.ready(), false, report.ready());
    return Answer.json(code(report.ready()), json.withSources(body, state.sources()));
  }

  private static int code(boolean good) {
    return good ? 200 : 503;
  }
}
