package kubeproxy.app;

import java.util.Optional;
import java.util.function.Supplier;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;
import kubeproxy.status.HealthState;

/// Tells health when our Node changes: one that is being deleted gets no more traffic.
final class NodeHealth implements SyncObserver {
  private final ObjectKey key;
  private final HealthState health;
  private Supplier<ClusterSnapshot> snapshot = () -> ClusterSnapshot.EMPTY;
  private boolean seen;

  NodeHealth(String nodeName, HealthState health) {
    this.key = new ObjectKey("", nodeName);
    this.health = health;
  }

  /// Tells where the cluster is known, before the first event.
  void watch(Supplier<ClusterSnapshot> known) {
    snapshot = known;
  }

  @Override
  public void on(SyncEvent event) {
    if (event instanceof SyncEvent.Folded) {
      Optional<Node> node = Optional.ofNullable(snapshot.get().nodes().get(key));
      seen |= node.isPresent();
      if (seen) {
        health.node(node);
      }
    }
  }
}
