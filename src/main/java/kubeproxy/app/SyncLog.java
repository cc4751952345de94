package kubeproxy.app;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kubeproxy.engine.SetAsideService;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import kubeproxy.plan.PlanDelta;

/// Tells the operator what the engine does. Problems that both families have are told once.
final class SyncLog implements SyncObserver {
  private static final Duration REPEAT_INTERVAL = Duration.ofSeconds(1);

  /// More than this many problems at once are a cluster's, not a Service's; the metric has them
  /// all.
  private static final int MAXIMUM_PROBLEMS = 100;

  private final Logger log;
  private final FamilyProblems problems = new FamilyProblems();
  private final LogLimit repairs;
  private final LogLimit failures;

  SyncLog(Logger log) {
    this.log = log;
    this.repairs = new LogLimit("repairs", REPEAT_INTERVAL, System::nanoTime);
    this.failures = new LogLimit("failures", REPEAT_INTERVAL, System::nanoTime);
  }

  @Override
  public void on(SyncEvent event) {
    switch (event) {
      case SyncEvent.Folded folded ->
          log.v(4)
              .info(
                  "Cluster changed",
                  "services",
                  folded.services(),
                  "endpointSlices",
                  folded.endpointSlices());
      case SyncEvent.FactsChanged(var facts) ->
          log.v(2).info("Node addresses", "addresses", facts.localAddresses());
      case SyncEvent.Reconfigured(IpFamily family, var delta) -> reconfigured(family, delta);
      case SyncEvent.Planned planned -> planned(planned);
      case SyncEvent.ProblemsChanged changed -> problems(problems.follow(changed));
      case SyncEvent.Queued(IpFamily family, long revision) ->
          log.v(5).info("Sync queued", "ipFamily", family, "revision", revision);
      case SyncEvent.DriftNoticed(IpFamily family) ->
          log.v(2).info("Somebody else changed our rules", "ipFamily", family);
      case SyncEvent.Synced synced -> synced(synced);
      case SyncEvent.Programmed(IpFamily family, var triggers) ->
          log.v(4)
              .info(
                  "Network programming",
                  "ipFamily",
                  family,
                  "changes",
                  triggers.size(),
                  "oldest",
                  Instant.ofEpochMilli(triggers.getFirst()));
      case SyncEvent.Rejected(IpFamily family, var refusals, _, _) ->
          log.v(2).info("Kernel refused a sync", "ipFamily", family, "refusals", refusals.size());
      case SyncEvent.SetAside(IpFamily family, var service) -> setAside(family, service);
      case SyncEvent.Restored(IpFamily family, var service) ->
          log.info("Service is installed again", "service", service.service(), "ipFamily", family);
      case SyncEvent.Indeterminate(IpFamily family, String reason, _, _) ->
          log.limited(failures)
              .warn("Reading back what is installed", "ipFamily", family, "reason", reason);
      case SyncEvent.Failed(IpFamily family, String reason, long retryNanos) ->
          log.error(
              null,
              "Sync failed; what was installed stays",
              "ipFamily",
              family,
              "reason",
              reason,
              "retrySeconds",
              retryNanos / 1_000_000_000);
      case SyncEvent.HealthChecksChanged(IpFamily family, var checks) ->
          log.v(3).info("Health check node ports", "ipFamily", family, "count", checks.size());
      case SyncEvent.FlowsCleaned cleaned -> flows(cleaned);
    }
  }

  private void setAside(IpFamily family, SetAsideService service) {
    Logger at = service.refusals() == 1 ? log : log.v(2);
    if (at.enabled()) {
      at.error(
          null,
          "Service set aside: the kernel refused it; it stays as it was installed",
          "service",
          service.service(),
          "ipFamily",
          family,
          "operation",
          service.refusal().operation(),
          "error",
          service.refusal().error(),
          "detail",
          service.refusal().detail(),
          "retrySeconds",
          service.retryNanos() / 1_000_000_000);
    }
  }

  private void reconfigured(IpFamily family, PlanDelta delta) {
    log.info(
        "New configuration planned",
        "ipFamily",
        family,
        "servicesChanged",
        delta.services().size(),
        "settingsChanged",
        delta.settings());
  }

  private void planned(SyncEvent.Planned planned) {
    log.v(4)
        .info(
            "Planned",
            "ipFamily",
            planned.family(),
            "services",
            planned.delta().services().size(),
            "milliseconds",
            millis(planned.durationNanos()));
  }

  private void synced(SyncEvent.Synced synced) {
    var report = synced.report();
    if (report.repaired() > 0) {
      log.limited(repairs)
          .warn(
              "Repaired what somebody else had changed",
              "ipFamily",
              synced.family(),
              "differences",
              report.repaired());
    }
    Logger at = report.observed() && synced.before() == null ? log : log.v(2);
    at.info(
        "Synced",
        "ipFamily",
        synced.family(),
        "services",
        synced.installed().services().size(),
        "operations",
        report.operations(),
        "observed",
        report.observed(),
        "milliseconds",
        millis(report.durationNanos()));
  }

  private void flows(SyncEvent.FlowsCleaned cleaned) {
    var report = cleaned.report();
    if (!report.isClean()) {
      log.limited(failures)
          .warn(
              "Stale UDP flows could not all be deleted",
              "ipFamily",
              cleaned.family(),
              "problem",
              report.problem());
    }
    log.v(report.deleted() > 0 ? 2 : 4)
        .info(
            "Stale UDP flows",
            "ipFamily",
            cleaned.family(),
            "listed",
            report.listed(),
            "deleted",
            report.deleted(),
            "milliseconds",
            millis(report.durationNanos()));
  }

  private void problems(FamilyProblems.Changes changes) {
    List<Problem> appeared = changes.appeared();
    List<Problem> cleared = changes.cleared();
    for (Problem problem : appeared.subList(0, Math.min(appeared.size(), MAXIMUM_PROBLEMS))) {
      ProblemLog.warn(log, problem);
    }
    if (appeared.size() > MAXIMUM_PROBLEMS) {
      log.warn("More problems", "count", appeared.size() - MAXIMUM_PROBLEMS);
    }
    for (Problem problem : cleared.subList(0, Math.min(cleared.size(), MAXIMUM_PROBLEMS))) {
      log.v(2).info("Problem is gone", "object", problem.object(), "field", problem.field());
    }
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e4) / 100.0;
  }
}
