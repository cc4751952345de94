package kubeproxy.app;

import java.io.IOException;
import java.util.Optional;
import kubeproxy.config.ProxyMode;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.engine.SyncObserver;
import kubeproxy.model.IpFamily;

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

  /// The mode whose rules are in use, which may be another's; empty if none are.
  ///
  /// @param mode this one
  default Optional<ProxyMode> rulesOf(ProxyMode mode) {
    return Optional.of(mode);
  }

  /// What its relay does, if it has one.
  default Optional<RelayTraffic> relayTraffic() {
    return Optional.empty();
  }

  @Override
  void close() throws IOException;
}
