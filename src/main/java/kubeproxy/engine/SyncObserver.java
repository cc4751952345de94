package kubeproxy.engine;

import java.util.List;

/// Is told what the engine does: for logs, metrics, health and follow-up work.
@FunctionalInterface
public interface SyncObserver {

  /// Called on the thread where it happened; has to return soon, must not throw.
  void on(SyncEvent event);

  /// Tells several observers, in this order.
  static SyncObserver all(List<? extends SyncObserver> observers) {
    List<SyncObserver> copy = List.copyOf(observers);
    return event -> copy.forEach(observer -> observer.on(event));
  }
}
