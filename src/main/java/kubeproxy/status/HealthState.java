package kubeproxy.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Node;
import org.jspecify.annotations.Nullable;

/// Whether the proxy works, and whether its node should get traffic. Safe for any thread.
///
/// A family is unhealthy when it has been synced at least once and a sync has been wanted for
/// `timeout` without success. Three questions are answered, because failing the wrong one restarts
/// a process that a restart does not help:
///
/// - live: no family is unhealthy;
/// - ready: every family has been synced once;
/// - healthy: live, ready, and the Node is not being removed.
public final class HealthState {
  /// Put on a Node by the cluster autoscaler shortly before it deletes the machine (KEP-3836).
  private static final String DELETION_TAINT = "ToBeDeletedByClusterAutoscaler";

  private final Set<IpFamily> families;
  private Duration timeout;
  private final Clock clock;
  private final Map<IpFamily, Instant> updated = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, Instant> queued = new EnumMap<>(IpFamily.class);
  private boolean nodeEligible;
  private volatile Supplier<List<SourceState>> sources = List::of;

  /// State before anything happened.
  ///
  /// @param families those that are synced
  /// @param timeout how long a sync may be wanted: twice the sync period
  /// @param eligibleWithoutNode whether the node gets traffic while no Node object is known; true
  ///   where Services come from manifests, which need not describe the Node
  public HealthState(
      Set<IpFamily> families, Duration timeout, Clock clock, boolean eligibleWithoutNode) {
    this.families = Set.copyOf(families);
    this.timeout = timeout;
    this.clock = clock;
    this.nodeEligible = eligibleWithoutNode;
  }

  /// What is true at one moment.
  ///
  /// @param now the moment
  /// @param ready whether every family has been synced once
  /// @param live whether no family is unhealthy
  /// @param families the families that have been synced at least once, in the order of the enum
  record Report(
      Instant now,
      boolean nodeEligible,
      boolean ready,
      boolean live,
      Map<IpFamily, FamilyReport> families) {

    /// The newest success of any family, or null.
    @Nullable Instant lastUpdated() {
      return families.values().stream()
          .map(FamilyReport::lastUpdated)
          .max(Instant::compareTo)
          .orElse(null);
    }
  }

  /// One family of a report.
  record FamilyReport(Instant lastUpdated, boolean healthy) {}

  /// Changes how long a sync may be wanted.
  public synchronized void setTimeout(Duration changed) {
    timeout = changed;
  }

  /// Tells whom to ask how old what is known is; asked by any thread.
  public void watchSources(Supplier<List<SourceState>> states) {
    sources = states;
  }

  List<SourceState> sources() {
    return sources.get();
  }

  /// A sync of the family is wanted from now on, unless one already was.
  public synchronized void queued(IpFamily family) {
    queued.putIfAbsent(family, clock.instant());
  }

  /// A sync of the family succeeded; nothing is wanted any more.
  public synchronized void updated(IpFamily family) {
    queued.remove(family);
    updated.put(family, clock.instant());
  }

  /// Our Node as it is now, or that it is gone. Without this call the Node counts as never seen.
  public synchronized void node(Optional<Node> node) {
    nodeEligible =
        node.map(known -> !known.deleting() && !known.taintKeys().contains(DELETION_TAINT))
            .orElse(false);
  }

  synchronized Report report() {
    Instant now = clock.instant();
    Map<IpFamily, FamilyReport> reports = new EnumMap<>(IpFamily.class);
    updated.forEach((family, time) -> reports.put(family, report(family, time, now)));
    boolean live = reports.values().stream().allMatch(FamilyReport::healthy);
    boolean ready = updated.keySet().containsAll(families);
    return new Report(now, nodeEligible, ready, live, reports);
  }

  private FamilyReport report(IpFamily family, Instant lastUpdated, Instant now) {
    Instant pending = queued.get(family);
    boolean late = pending != null && Duration.between(pending, now).compareTo(timeout) >= 0;
    return new FamilyReport(lastUpdated, !late);
  }

  Clock clock() {
    return clock;
  }
}
