package kubeproxy.app;

import java.util.EnumSet;
import java.util.List;
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
  private final ProxyMode mode;
  private boolean done;

  /// @param families those that are proxied
  /// @param mode the one in use
  LeftoverSweep(List<IpFamily> families, Cleanup cleanup, ProxyMode mode) {
    this.awaited = EnumSet.copyOf(families);
    this.cleanup = cleanup;
    this.mode = mode;
  }

  @Override
  public void on(SyncEvent event) {
    if (event instanceof SyncEvent.Synced synced && !done) {
      awaited.remove(synced.family());
      if (awaited.isEmpty()) {
        done = true;
        // Programs of the host may take seconds, and no sync is to wait for them.
        Thread.ofPlatform().daemon().name("leftovers").start(this::sweep);
      }
    }
  }

  private void sweep() {
    try {
      cleanup.removeLeftovers(mode);
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }
}
