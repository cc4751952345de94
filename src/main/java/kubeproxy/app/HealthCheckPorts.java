package kubeproxy.app;

import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.model.ObjectKey;
import kubeproxy.status.HealthCheckServers;

/// Has the health check ports follow what is installed, on the sync thread.
final class HealthCheckPorts implements SyncObserver {
  private final HealthCheckServers servers;

  HealthCheckPorts(HealthCheckServers servers) {
    this.servers = servers;
  }

  @Override
  public void on(SyncEvent event) {
    if (event instanceof SyncEvent.Synced synced) {
      servers.listenOn(synced.family(), synced.installed().settings().nodePortAddresses());
    } else if (event instanceof SyncEvent.HealthChecksChanged changed) {
      SortedMap<ObjectKey, HealthCheckServers.Check> checks = new TreeMap<>();
      changed
          .checks()
          .forEach((service, check) ->
              checks.put(
                  service,
                  new HealthCheckServers.Check(check.port(), check.localReadyEndpoints())));
      servers.update(changed.family(), checks);
    }
  }
}
