package kubeproxy.app;

import java.io.IOException;
import java.util.function.Supplier;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.events.EventRecorder;
import kubeproxy.events.ProxyEvent;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import kubeproxy.status.HealthCheckServers;

/// Tells operators in the cluster, by events, what they should look at on this node. Safe for any
/// thread.
final class ProxyEvents implements SyncObserver {
  private static final String SERVICE = "Service";

  /// More than this many problems at once are a cluster's, not a Service's; the metric has them
  /// all.
  private static final int MAXIMUM_PROBLEMS = 20;

  private final EventRecorder recorder;
  private final String node;
  private final FamilyProblems problems = new FamilyProblems();
  private volatile Supplier<ClusterSnapshot> snapshot = () -> ClusterSnapshot.EMPTY;

  ProxyEvents(EventRecorder recorder, String node) {
    this.recorder = recorder;
    this.node = node;
  }

  /// Tells where the cluster is known, before the first event about a Service.
  void watch(Supplier<ClusterSnapshot> known) {
    snapshot = known;
  }

  /// The proxy starts.
  void starting() {
    recorder.record(ProxyEvent.starting(node));
  }

  /// Another mode is used than was asked for.
  void modeFallback(String reason) {
    recorder.record(ProxyEvent.modeFallback(node, reason));
  }

  /// The mode in use has no future.
  void ipvsDeprecated(String note) {
    recorder.record(ProxyEvent.ipvsDeprecated(node, note));
  }

  /// A setting of the kernel is not what it was to be.
  void settingFailed(Setting.Failed failed) {
    recorder.record(ProxyEvent.settingNotChangeable(node, failed.toString()));
  }

  /// The process ends, because nothing can listen for health checks.
  void healthzFailed(IOException reason) {
    recorder.record(ProxyEvent.healthzFailed(node, reason.toString()));
  }

  /// The process ends, because nothing can listen for metrics.
  void metricsFailed(IOException reason) {
    recorder.record(ProxyEvent.metricsFailed(node, reason.toString()));
  }

  /// The health check port of a Service cannot be opened.
  void healthCheckFailed(HealthCheckServers.Failure failure) {
    recorder.record(
        ProxyEvent.serviceHealthCheckFailed(
            node, failure.service(), uid(failure.service()), failure.port(), failure.reason()));
  }

  /// Another proxy is at work on this node.
  void secondInstance(String note) {
    recorder.record(ProxyEvent.secondInstance(node, note));
  }

  /// How a reload ended.
  void reloaded(Reload.Result result, String detail) {
    switch (result) {
      case REJECTED -> recorder.record(ProxyEvent.configurationRejected(node, detail));
      case RESTART_NEEDED ->
          recorder.record(
              ProxyEvent.settingNotChangeable(node, "takes effect after a restart: " + detail));
      case APPLIED, UNCHANGED -> {}
    }
  }

  @Override
  public void on(SyncEvent event) {
    if (event instanceof SyncEvent.ProblemsChanged changed) {
      problems.follow(changed).appeared().stream()
          .filter(problem -> problem.kind().equals(SERVICE))
          .limit(MAXIMUM_PROBLEMS)
          .forEach(this::problem);
    }
  }

  /// Without it the events of a Service are not among those that `kubectl describe` shows.
  private String uid(ObjectKey service) {
    Service known = snapshot.get().services().get(service);
    return known == null || known.uid() == null ? "" : known.uid().toString();
  }

  private void problem(Problem problem) {
    recorder.record(ProxyEvent.serviceProblem(problem, uid(problem.object())));
  }
}
