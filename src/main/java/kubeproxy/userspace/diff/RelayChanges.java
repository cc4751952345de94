package kubeproxy.userspace.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kubeproxy.userspace.program.Listener;
import kubeproxy.userspace.program.PoolName;
import kubeproxy.userspace.program.RelayPool;
import kubeproxy.userspace.program.ServiceRelay;

/// What leads from one part of a Service to the next. The first three go before the rules change,
/// the other two after.
///
/// @param pools pools that are new or have other endpoints
/// @param moved listeners that are to lead to another pool, and which; they close before they open
/// @param opened listeners that are new, and the pool that each leads to
/// @param closed listeners that nothing needs any more
/// @param dropped pools that have no listener any more
public record RelayChanges(
    Map<PoolName, RelayPool> pools,
    Map<Listener, PoolName> moved,
    Map<Listener, PoolName> opened,
    List<Listener> closed,
    List<PoolName> dropped) {

  /// The difference between two parts of one Service.
  ///
  /// @param before what is open
  public static RelayChanges between(ServiceRelay before, ServiceRelay after) {
    Map<PoolName, RelayPool> pools = new LinkedHashMap<>();
    after
        .pools()
        .forEach((name, pool) -> {
          if (!pool.equals(before.pools().get(name))) {
            pools.put(name, pool);
          }
        });
    Map<Listener, PoolName> moved = new LinkedHashMap<>();
    Map<Listener, PoolName> opened = new LinkedHashMap<>();
    after
        .listeners()
        .forEach((listener, pool) -> {
          PoolName known = before.listeners().get(listener);
          if (known == null) {
            opened.put(listener, pool);
          } else if (!known.equals(pool)) {
            moved.put(listener, pool);
          }
        });
    List<Listener> closed = new ArrayList<>(before.listeners().keySet());
    closed.removeAll(after.listeners().keySet());
    List<PoolName> dropped = new ArrayList<>(before.pools().keySet());
    dropped.removeAll(after.pools().keySet());
    return new RelayChanges(pools, moved, opened, closed, dropped);
  }
}
