package kubeproxy.status;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import kubeproxy.config.ProxyMode;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;

/// All metrics of the proxy. Those that kube-proxy has carry its names, labels and
/// buckets. Safe for any thread; every method just counts.
///
/// Time series of the families in use and of known label values exist from the start, with 0, so
/// that the first event shows as an increase.
public final class ProxyMetrics {
  static final String FAMILY = "ip_family";
  private static final String POLICY = "traffic_policy";
  private static final String INTERNAL = "internal";
  private static final String EXTERNAL = "external";
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final MetricFactory make = new MetricFactory(registry);
  private final Clock clock;
  private final Instant started;

  private final Histogram syncDuration =
      make.histogram(
          "sync_proxy_rules_duration_seconds",
          "SyncProxyRules latency in seconds",
          Buckets.sync(),
          FAMILY);
  private final Gauge lastSync =
      make.gauge(
          "sync_proxy_rules_last_timestamp_seconds",
          "The last time proxy rules were successfully synced",
          FAMILY);
  private final Gauge lastQueued =
      make.gauge(
          "sync_proxy_rules_last_queued_timestamp_seconds",
          "The last time a sync of proxy rules was queued",
          FAMILY);
  private final Histogram networkProgramming =
      make.histogram(
          "network_programming_duration_seconds",
          "In Cluster Network Programming Latency in seconds",
          Buckets.networkProgramming(),
          FAMILY);
  private final Counter endpointChanges =
      make.counter(
          "sync_proxy_rules_endpoint_changes_total", "Cumulative proxy rules Endpoint changes");
  private final Counter serviceChanges =
      make.counter(
          "sync_proxy_rules_service_changes_total", "Cumulative proxy rules Service changes");
  private final Gauge noLocalEndpoints =
      make.gauge(
          "sync_proxy_rules_no_local_endpoints_total",
          "Number of services with a Local traffic policy and no endpoints",
          POLICY,
          FAMILY);
  private final Counter healthz =
      make.counter("proxy_healthz_total", "Cumulative proxy healthz HTTP status", "code");
  private final Counter livez =
      make.counter("proxy_livez_total", "Cumulative proxy livez HTTP status", "code");
  private final Histogram conntrackDuration =
      make.histogram(
          "conntrack_reconciler_sync_duration_seconds",
          "ReconcileConntrackFlowsLatency latency in seconds",
          Buckets.sync(),
          FAMILY);
  private final Counter conntrackDeleted =
      make.counter(
          "conntrack_reconciler_deleted_entries_total",
          "Cumulative conntrack flows deleted by conntrack reconciler",
          FAMILY);

  private final Histogram planDuration =
      make.histogram(
          "plan_duration_seconds", "Time to make the plan of a family", Buckets.sync(), FAMILY);
  private final Histogram applyDuration =
      make.histogram(
          "apply_duration_seconds", "Time to apply a plan to the kernel", Buckets.sync(), FAMILY);
  private final Gauge problems =
      make.gauge("problems", "Fields of objects that cannot be carried out", "reason");
  private final Gauge setAside =
      make.gauge("services_set_aside", "Services whose change the kernel refused for now", FAMILY);
  private final Counter repaired =
      make.counter(
          "kernel_drift_repaired_total", "Changes by others to our rules that were undone", FAMILY);
  private final Gauge installed =
      make.gauge("installed_objects", "Objects installed in the kernel", FAMILY, "type");
  private final Gauge lastSourceEvent =
      make.gauge(
          "source_last_event_timestamp_seconds", "The last time the source of objects spoke");
  private final Gauge manifestFiles =
      make.gauge("manifest_files", "Manifest files by how they were read", "state");

  private final Counter configurationReloads =
      make.counter(
          "config_reloads_total",
          "Texts of the configuration file by what became of them",
          "result");
  private final Gauge configurationAccepted =
      make.gauge(
          "config_last_reload_successful",
          "Whether the configuration file as it is now was accepted");

  private final ModeMetrics ofMode;

  private final Gauge features =
      Gauge.builder()
          .name("kubernetes_feature_enabled")
          .help(
              "[BETA] This metric records the data about the stage and enablement of a k8s"
                  + " feature.")
          .labelNames("name", "stage")
          .register(registry);

  /// Metrics without any event yet.
  ///
  /// @param mode which of the metrics that not all modes have there are
  /// @param families those that are synced
  public ProxyMetrics(ProxyMode mode, Set<IpFamily> families, BuildDescription build, Clock clock) {
    this.clock = clock;
    this.started = clock.instant();
    for (String code : new String[] {"200", "503"}) {
      healthz.initLabelValues(code);
      livez.initLabelValues(code);
    }
    for (Problem.Reason reason : Problem.Reason.values()) {
      problems.initLabelValues(label(reason));
    }
    configurationAccepted.set(1);
    ofMode =
        ModeMetrics.of(
            mode, make, families.stream().map(IpFamily::label).collect(Collectors.toSet()));
    families.forEach(family -> initialize(family.label()));
    describe(build);
    new ProcessMetrics(Path.of("/proc/self")).register(registry);
  }

  private void initialize(String family) {
    syncDuration.initLabelValues(family);
    networkProgramming.initLabelValues(family);
    conntrackDuration.initLabelValues(family);
    planDuration.initLabelValues(family);
    applyDuration.initLabelValues(family);
    conntrackDeleted.initLabelValues(family);
    repaired.initLabelValues(family);
    lastSync.initLabelValues(family);
    lastQueued.initLabelValues(family);
    setAside.initLabelValues(family);
    noLocalEndpoints.initLabelValues(INTERNAL, family);
    noLocalEndpoints.initLabelValues(EXTERNAL, family);
  }

  private void describe(BuildDescription build) {
    Gauge.builder()
        .name("kubernetes_build_info")
        .help(
            "[ALPHA] A metric with a constant '1' value labeled by version and platform the program"
                + " was built from and runs on")
        .labelNames("major", "minor", "git_version", "git_commit", "platform")
        .register(registry)
        .labelValues(
            build.major(), build.minor(), build.version(), build.commit(), build.platform())
        .set(1);
  }

  /// Where parts that know what status does not register metrics of their own.
  public PrometheusRegistry registry() {
    return registry;
  }

  /// Services and EndpointSlices changed.
  public void changed(int services, int endpointSlices) {
    serviceChanges.inc(services);
    endpointChanges.inc(endpointSlices);
    lastSourceEvent.set(now());
  }

  /// Shows how many changes are not in the kernel yet. Asked by any thread.
  public void watchPending(IntSupplier services, IntSupplier endpointSlices) {
    make.gauge(
        "sync_proxy_rules_service_changes_pending",
        "Pending proxy rules Service changes",
        services::getAsInt);
    make.gauge(
        "sync_proxy_rules_endpoint_changes_pending",
        "Pending proxy rules Endpoint changes",
        endpointSlices::getAsInt);
  }

  /// A sync was asked for.
  public void queued(IpFamily family) {
    lastQueued.labelValues(family.label()).set(now());
  }

  /// A plan was made.
  public void planned(IpFamily family, long durationNanos) {
    planDuration.labelValues(family.label()).observe(seconds(durationNanos));
  }

  /// A plan was carried out.
  ///
  /// @param full whether what the kernel holds was read back and compared as a whole
  /// @param repaired how many differences were someone else's doing
  public void synced(IpFamily family, boolean full, int repaired, long durationNanos) {
    double duration = seconds(durationNanos);
    String label = family.label();
    syncDuration.labelValues(label).observe(duration);
    ofMode.synced(label, full, duration);
    lastSync.labelValues(label).set(now());
    this.repaired.labelValues(label).inc(repaired);
  }

  /// The kernel refused a plan, or it is not known what it made of it.
  ///
  /// @param full whether what the kernel holds had been read back
  public void refused(IpFamily family, boolean full) {
    ofMode.refused(family.label(), full);
  }

  /// A plan was given to the kernel, which may have taken or refused it.
  public void applied(IpFamily family, long durationNanos) {
    applyDuration.labelValues(family.label()).observe(seconds(durationNanos));
  }

  /// A sync failed.
  public void syncFailed(IpFamily family) {
    ofMode.syncFailed(family.label());
  }

  /// A change of endpoints that was made in the cluster at `triggered` is in the kernel. One from
  /// before this process counts for nothing: it would measure how long nobody was here.
  public void programmed(IpFamily family, Instant triggered) {
    if (!triggered.isAfter(started)) {
      return;
    }
    double latency = now() - triggered.toEpochMilli() / 1e3;
    networkProgramming.labelValues(family.label()).observe(latency);
  }

  /// How many Service ports drop traffic here because their policy is Local and no endpoint is.
  public void withoutLocalEndpoints(IpFamily family, int internal, int external) {
    noLocalEndpoints.labelValues(INTERNAL, family.label()).set(internal);
    noLocalEndpoints.labelValues(EXTERNAL, family.label()).set(external);
  }

  /// Stale flows were searched for and deleted.
  public void flowsCleaned(IpFamily family, int deleted, long durationNanos) {
    conntrackDuration.labelValues(family.label()).observe(seconds(durationNanos));
    conntrackDeleted.labelValues(family.label()).inc(deleted);
  }

  /// How many problems there are now; reasons that are absent have none.
  public void problems(Map<Problem.Reason, Integer> counts) {
    for (Problem.Reason reason : Problem.Reason.values()) {
      problems.labelValues(label(reason)).set(counts.getOrDefault(reason, 0));
    }
  }

  /// How many Services are set aside now.
  public void setAside(IpFamily family, int services) {
    setAside.labelValues(family.label()).set(services);
  }

  /// How many objects of each type are installed now.
  ///
  /// @param counts by the mode's words for them, as `chain` or `rule`
  /// @param written how many of them the last sync wrote, where the mode tells
  public void installed(
      IpFamily family, Map<String, Integer> counts, Map<String, Integer> written) {
    counts.forEach(
        (type, count) -> installed.labelValues(family.label(), type).set((double) count));
    ofMode.rules(family.label(), counts, written);
  }

  /// How many manifest files there are now in a state, as `loaded` or `failed`.
  public void manifestFiles(String state, int count) {
    manifestFiles.labelValues(state).set(count);
  }

  /// A feature gate and whether it is on.
  ///
  /// @param stage as Kubernetes spells it, as `BETA`; empty for one that is generally available
  public void feature(String name, String stage, boolean enabled) {
    features.labelValues(name, stage).set(enabled ? 1 : 0);
  }

  /// The configuration file had another text.
  ///
  /// @param result what became of it
  /// @param accepted whether it was valid
  public void reloaded(String result, boolean accepted) {
    configurationReloads.labelValues(result).inc();
    configurationAccepted.set(accepted ? 1 : 0);
  }

  void healthzAnswered(int code) {
    healthz.labelValues(Integer.toString(code)).inc();
  }

  void livezAnswered(int code) {
    livez.labelValues(Integer.toString(code)).inc();
  }

  private double now() {
    return clock.millis() / 1e3;
  }

  private static double seconds(long nanos) {
    return nanos / NANOS_PER_SECOND;
  }

  private static String label(Problem.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  Clock clock() {
    return clock;
  }
}
