package kubeproxy.userspace.apply;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.userspace.compile.OwnPlaces;
import kubeproxy.userspace.compile.OwnPlaces.NodePort;
import kubeproxy.userspace.compile.OwnPlaces.Place;
import kubeproxy.userspace.program.PoolName;
import org.jspecify.annotations.Nullable;

/// Keeps track of what leads back into the relay. Used by the sync thread.
final class OwnPlacesIndex {
  private final Map<ObjectKey, Set<Place>> frontends = new HashMap<>();
  private final Map<ObjectKey, Set<NodePort>> nodePorts = new HashMap<>();
  private final Map<ObjectKey, Set<Place>> listeners = new HashMap<>();
  private Set<IpAddress> nodeAddresses = Set.of();
  private @Nullable OwnPlaces all;
  private long version;

  /// What a Service's clients send to.
  void service(ObjectKey key, @Nullable PlannedService service) {
    Set<Place> places = new HashSet<>();
    Set<NodePort> ports = new HashSet<>();
    for (PlannedPort port : service == null ? List.<PlannedPort>of() : service.ports()) {
      for (Frontend frontend : port.frontends()) {
        IpAddress address = frontend.address();
        if (address == null) {
          ports.add(new NodePort(frontend.protocol(), frontend.port()));
        } else {
          places.add(new Place(frontend.protocol(), new Backend(address, frontend.port())));
        }
      }
    }
    note(frontends, key, places);
    note(nodePorts, key, ports);
  }

  /// Where rules lead what clients send.
  void portals(ObjectKey key, Map<PoolName, Backend> portals) {
    Set<Place> places = new HashSet<>();
    portals.forEach((pool, at) -> places.add(new Place(pool.port().protocol(), at)));
    note(listeners, key, places);
  }

  void nodeAddresses(List<IpAddress> addresses) {
    Set<IpAddress> now = Set.copyOf(addresses);
    if (!now.equals(nodeAddresses)) {
      nodeAddresses = now;
      changed();
    }
  }

  private <T> void note(Map<ObjectKey, Set<T>> known, ObjectKey key, Set<T> places) {
    Set<T> before = places.isEmpty() ? known.remove(key) : known.put(key, places);
    if (!places.equals(before == null ? Set.of() : before)) {
      changed();
    }
  }

  private void changed() {
    all = null;
    version++;
  }

  /// Differs whenever [#all] may.
  long version() {
    return version;
  }

  /// All of it.
  OwnPlaces all() {
    OwnPlaces known = all;
    if (known == null) {
      Set<Place> destinations = new HashSet<>();
      frontends.values().forEach(destinations::addAll);
      listeners.values().forEach(destinations::addAll);
      Set<NodePort> ports = new HashSet<>();
      nodePorts.values().forEach(ports::addAll);
      known = new OwnPlaces(destinations, ports, nodeAddresses);
      all = known;
    }
    return known;
  }
}
