package kubeproxy.app;

import java.time.Clock;
import java.util.Set;
import kubeproxy.config.ObjectSource;
import kubeproxy.config.ProxyOptions;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;
import kubeproxy.status.BuildDescription;
import kubeproxy.status.HealthState;
import kubeproxy.status.ProxyMetrics;

/// What tells others how the proxy is doing, besides its log.
///
/// @param health what `/healthz` answers
record Telemetry(ProxyMetrics metrics, HealthState health) {

  static Telemetry of(ProxyOptions options, ModeSelection selection, Logger log) {
    if (options.status().showHiddenMetrics()) {
      log.info("All metrics are shown anyway; showHiddenMetricsForVersion finds none hidden");
    }
    Clock clock = Clock.systemUTC();
    Set<IpFamily> families = Set.copyOf(selection.families());
    BuildDescription build =
        new BuildDescription(Version.reported(options), "", Version.platform());
    ProxyMetrics metrics = new ProxyMetrics(selection.mode(), families, build, clock);
    options
        .process()
        .gates()
        .all()
        .forEach(gate -> metrics.feature(gate.name(), gate.stage(), gate.enabled()));
    // Manifests need not describe the Node; an API server has it.
    boolean eligibleWithoutNode = options.source() instanceof ObjectSource.Manifests;
    HealthState health =
        new HealthState(
            families, RunningParts.healthTimeout(options, selection), clock, eligibleWithoutNode);
    return new Telemetry(metrics, health);
  }
}
