package kubeproxy.userspace.program;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// One Service's part in what the relay does.
///
/// @param pools its pools, sorted by name
/// @param listeners where connections are taken and the pool they go to, in the order of the plan
public record ServiceRelay(Map<PoolName, RelayPool> pools, Map<Listener, PoolName> listeners) {

  /// Nothing.
  public static final ServiceRelay NONE = new ServiceRelay(Map.of(), Map.of());

  public ServiceRelay {
    pools = Collections.unmodifiableMap(new TreeMap<>(pools));
    listeners = Collections.unmodifiableMap(new LinkedHashMap<>(listeners));
  }
}
