package kubeproxy.app;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import kubeproxy.status.HealthState;
import kubeproxy.status.ProxyMetrics;

/// Carries what the engine does into metrics and health. Used by the sync thread, and by the thread
/// that cleans flows for its own event.
final class SyncMetrics implements SyncObserver {
  private final ProxyMetrics metrics;
  private final HealthState health;
  private final Map<IpFamily, Map<Problem, Integer>> problems = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, LocalGaps> gaps = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, Integer> setAside = new EnumMap<>(IpFamily.class);
  private Function<IpFamily, Map<String, Integer>> objectCounts = _ -> Map.of();
  private Function<IpFamily, Map<String, Integer>> written = _ -> Map.of();

  SyncMetrics(ProxyMetrics metrics, HealthState health) {
    this.metrics = metrics;
    this.health = health;
  }

  /// Tells where to ask, before the first sync.
  ///
  /// @param counts how many objects of each type are installed; asked on the sync thread
  /// @param lastWritten how many of them the last sync wrote
  void watch(
      Function<IpFamily, Map<String, Integer>> counts,
      Function<IpFamily, Map<String, Integer>> lastWritten) {
    objectCounts = counts;
    written = lastWritten;
  }

  @Override
  public void on(SyncEvent event) {
    switch (event) {
      case SyncEvent.Folded folded -> metrics.changed(folded.services(), folded.endpointSlices());
      case SyncEvent.Planned planned -> metrics.planned(planned.family(), planned.durationNanos());
      case SyncEvent.ProblemsChanged(IpFamily family, var appeared, var cleared) ->
          problems(family, appeared, cleared);
      case SyncEvent.Queued(IpFamily family, _) -> {
        metrics.queued(family);
        health.queued(family);
      }
      case SyncEvent.Synced synced -> synced(synced);
      case SyncEvent.Programmed(IpFamily family, var triggers) ->
          triggers.forEach(time -> metrics.programmed(family, Instant.ofEpochMilli(time)));
      case SyncEvent.Rejected(IpFamily family, _, boolean full, long nanos) ->
          refused(family, full, nanos);
      case SyncEvent.Indeterminate(IpFamily family, _, boolean full, long nanos) ->
          refused(family, full, nanos);
      case SyncEvent.Failed(IpFamily family, _, _) -> metrics.syncFailed(family);
      case SyncEvent.SetAside(IpFamily family, var service) -> {
        if (service.refusals() == 1) {
          metrics.setAside(family, setAside.merge(family, 1, Integer::sum));
        }
      }
      case SyncEvent.Restored(IpFamily family, _) ->
          metrics.setAside(family, setAside.merge(family, -1, Integer::sum));
      case SyncEvent.FlowsCleaned(IpFamily family, var report) ->
          metrics.flowsCleaned(family, report.deleted(), report.durationNanos());
      case SyncEvent.FactsChanged _,
          SyncEvent.Reconfigured _,
          SyncEvent.DriftNoticed _,
          SyncEvent.HealthChecksChanged _ -> {}
    }
  }

  private void refused(IpFamily family, boolean full, long nanos) {
    metrics.applied(family, nanos);
    metrics.refused(family, full);
  }

  private void synced(SyncEvent.Synced synced) {
    IpFamily family = synced.family();
    var report = synced.report();
    metrics.applied(family, report.durationNanos());
    metrics.synced(family, report.observed(), report.repaired(), report.durationNanos());
    metrics.installed(family, objectCounts.apply(family), written.apply(family));
    LocalGaps familyGaps = gaps.computeIfAbsent(family, _ -> new LocalGaps());
    familyGaps.follow(synced.before(), synced.installed(), synced.changes());
    metrics.withoutLocalEndpoints(family, familyGaps.internal(), familyGaps.external());
    health.updated(family);
  }

  /// Both families have most problems of a Service; each is counted once.
  private void problems(IpFamily family, List<Problem> appeared, List<Problem> cleared) {
    Map<Problem, Integer> known = problems.computeIfAbsent(family, _ -> new HashMap<>());
    appeared.forEach(problem -> known.merge(problem, 1, Integer::sum));
    cleared.forEach(problem -> known.computeIfPresent(problem, (_, n) -> n == 1 ? null : n - 1));
    Map<Problem.Reason, Integer> counts = new EnumMap<>(Problem.Reason.class);
    problems.values().stream()
        .flatMap(map -> map.keySet().stream())
        .distinct()
        .forEach(problem -> counts.merge(problem.reason(), 1, Integer::sum));
    metrics.problems(counts);
  }
}
