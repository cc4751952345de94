package kubeproxy.app;

import java.io.IOException;
import java.util.List;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.engine.SyncObserver;
import kubeproxy.model.IpFamily;
import kubeproxy.relay.RelayPort;

/// What one mode contributes to a [Pipeline]: its data planes, and whatever they share. Closed
/// after
/// the data planes, which the sync loop closes itself.
public interface ModeParts extends AutoCloseable {

  /// Makes the data plane of a family; called once for each.
  Dataplane dataplane(IpFamily family);

  /// What the cleaner of stale flows is told of instead of what happens.
  default SyncObserver flowObserver(SyncObserver cleaner) {
    return cleaner;
  }

  /// What the relay serves, for its counters. Any thread.
  default List<RelayPort> relayPorts() {
    return List.of();
  }

  @Override
  void close() throws IOException;
}
