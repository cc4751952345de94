package kubeproxy.app;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kubeproxy.config.ProxyMode;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.model.IpFamily;

/// Removes what other modes left on the node, once ours carries the traffic of every family: until
/// then the old rules do.
final class LeftoverSweep implements SyncObserver {
  private final Set<IpFamily> awaited;
  private final Cleanup cleanup;
  private Optional<ProxyMode> rules = Optional.empty();
  private boolean done;

  /// @param families those that are proxied
  LeftoverSweep(List<IpFamily> families, Cleanup cleanup) {
    this.awaited = EnumSet.copyOf(families);
    this.cleanup = cleanup;
  }

  /// Tells which mode's rules are in use, before the first event. Without any nothing is removed.
  void keep(Optional<ProxyMode> used) {
    rules = used;
  }

  @Override
  public void on(SyncEvent event) {
    if (event instanceof SyncEvent.Synced synced && !done) {
      awaited.remove(synced.family());
      if (awaited.isEmpty()) {
        done = true;
        // Programs of the host may take seconds, and no sync is to wait for them.
        rules.ifPresent(
            used -> Thread.ofPlatform().daemon().name("leftovers").start(() -> sweep(used)));
      }
    }
  }

  private void sweep(ProxyMode used) {
    try {
      cleanup.removeLeftovers(used);
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }
}
