package kubeproxy.userspace.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import kubeproxy.dataplane.Refusal;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.plan.Backend;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.ListenOutcome;
import kubeproxy.relay.ListenerSpec;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.Relay;
import kubeproxy.relay.RelayListener;
import kubeproxy.relay.RelayPort;
import kubeproxy.userspace.compile.Role;
import kubeproxy.userspace.diff.RelayChanges;
import kubeproxy.userspace.program.Listener;
import kubeproxy.userspace.program.PoolName;
import kubeproxy.userspace.program.RelayPool;
import kubeproxy.userspace.program.ServiceRelay;

/// What the relay has open for the Services of one family. Used by the sync thread.
final class OpenListeners implements AutoCloseable {
  private final IpFamily family;
  private final Relay relay;
  private final Role role;
  private final PortChoice portalPorts;
  private final Map<ObjectKey, OpenService> services = new HashMap<>();
  private final Map<Listener.Direct, ObjectKey> owners = new HashMap<>();

  /// The ports of all pools, for those who read counters.
  private final Set<RelayPort> ports = ConcurrentHashMap.newKeySet();

  /// @param portalPorts from where to take the ports that rules lead to
  OpenListeners(IpFamily family, Relay relay, Role role, PortChoice portalPorts) {
    this.family = family;
    this.relay = relay;
    this.role = role;
    this.portalPorts = portalPorts;
  }

  /// What is open for one Service, and what could not be opened.
  private static final class OpenService {
    private final Map<PoolName, OpenPool> pools = new TreeMap<>();
    private final Map<Listener, OpenListener> listeners = new LinkedHashMap<>();
    private final Map<Listener, Problem> problems = new LinkedHashMap<>();

    ServiceRelay relay() {
      Map<PoolName, RelayPool> known = new TreeMap<>();
      pools.forEach((name, open) -> known.put(name, open.pool()));
      Map<Listener, PoolName> listening = new LinkedHashMap<>();
      listeners.forEach((listener, open) -> listening.put(listener, open.pool()));
      return new ServiceRelay(known, listening);
    }
  }

  private record OpenPool(RelayPort port, RelayPool pool) {}

  private record OpenListener(RelayListener socket, PoolName pool) {}

  /// Opens what is to be open and is not; what is to be closed stays, as long as rules may lead to
  /// it. What clients send to directly and cannot be listened on becomes a problem; a listener that
  /// rules would lead to is refused.
  ///
  /// @param host where to listen for rules
  /// @return what was refused; Services without refusals are complete
  List<Refusal> open(Map<ObjectKey, ServiceRelay> wanted, IpAddress host) {
    Map<ObjectKey, RelayChanges> changes = new TreeMap<>();
    wanted.forEach((key, relay) -> changes.put(key, changes(key, relay)));
    // Places move between Services, and from all addresses to one, so first all are free.
    changes.forEach((key, change) -> {
      change.closed().forEach(listener -> closeDirect(key, listener));
      change.moved().keySet().forEach(listener -> closeDirect(key, listener));
    });
    List<Refusal> refusals = new ArrayList<>();
    changes.forEach((key, change) -> {
      OpenService open = services.computeIfAbsent(key, _ -> new OpenService());
      open.problems.keySet().retainAll(change.opened().keySet());
      change.pools().forEach((name, pool) -> put(open, name, pool));
      change.moved().forEach((listener, pool) -> listen(open, listener, pool, host, refusals));
      change.opened().forEach((listener, pool) -> listen(open, listener, pool, host, refusals));
    });
    return refusals;
  }

  /// Closes what [#open] left, once no rule leads there.
  void closeUnused(Map<ObjectKey, ServiceRelay> wanted) {
    wanted.forEach((key, relay) -> {
      OpenService open = services.get(key);
      if (open == null) {
        return;
      }
      RelayChanges change = RelayChanges.between(open.relay(), relay);
      change.closed().forEach(listener -> close(open, listener));
      for (PoolName name : change.dropped()) {
        OpenPool pool = open.pools.remove(name);
        if (pool != null) {
          pool.port().close();
          ports.remove(pool.port());
        }
      }
      if (relay.equals(ServiceRelay.NONE)) {
        services.remove(key);
      }
    });
  }

  /// Closes the listeners that rules lead to, so that they open elsewhere.
  void closePortals() {
    services
        .values()
        .forEach(open ->
            List.copyOf(open.listeners.keySet()).stream()
                .filter(Listener.Portal.class::isInstance)
                .forEach(listener -> close(open, listener)));
  }

  private RelayChanges changes(ObjectKey key, ServiceRelay relay) {
    OpenService open = services.get(key);
    return RelayChanges.between(open == null ? ServiceRelay.NONE : open.relay(), relay);
  }

  private void put(OpenService open, PoolName name, RelayPool pool) {
    BackendChoice choice =
        new BackendChoice(pool.pool().backends(), pool.affinityTimeoutSeconds(), pool.serving());
    OpenPool known = open.pools.get(name);
    if (known == null) {
      RelayPort port = relay.open(name.port(), choice);
      ports.add(port);
      open.pools.put(name, new OpenPool(port, pool));
    } else {
      known.port().update(choice);
      open.pools.put(name, new OpenPool(known.port(), pool));
    }
  }

  private void listen(
      OpenService open, Listener listener, PoolName pool, IpAddress host, List<Refusal> refusals) {
    OpenPool to = open.pools.get(pool);
    if (to == null) {
      throw new IllegalArgumentException("no pool for " + listener);
    }
    ListenOutcome outcome =
        switch (listener) {
          case Listener.Portal _ -> to.port().listen(new ListenerSpec(host, portalPorts));
          case Listener.Direct direct -> {
            // The rest of a Service that was set aside gives way to whom the place belongs now.
            ObjectKey before = owners.get(direct);
            if (before != null) {
              closeDirect(before, direct);
            }
            yield to.port().listen(spec(direct));
          }
        };
    if (outcome instanceof ListenOutcome.Listening(RelayListener socket)) {
      open.listeners.put(listener, new OpenListener(socket, pool));
      open.problems.remove(listener);
      if (listener instanceof Listener.Direct direct) {
        owners.put(direct, pool.port().service());
      }
      return;
    }
    boolean lasting = outcome instanceof ListenOutcome.Unsupported;
    if (listener instanceof Listener.Direct || lasting) {
      open.problems.put(listener, ListenProblems.of(pool.port(), listener, outcome, role));
    } else {
      refusals.add(ListenProblems.refusal(pool, outcome));
    }
  }

  private ListenerSpec spec(Listener.Direct direct) {
    IpAddress address = direct.address();
    IpAddress everywhere = IpAddress.of(family == IpFamily.IPV4 ? "0.0.0.0" : "::");
    return new ListenerSpec(
        address == null ? everywhere : address,
        new PortChoice.Exactly(direct.port()),
        false,
        direct.allowedSources());
  }

  private void closeDirect(ObjectKey key, Listener listener) {
    OpenService open = services.get(key);
    if (open != null && listener instanceof Listener.Direct) {
      close(open, listener);
    }
  }

  private void close(OpenService open, Listener listener) {
    OpenListener closed = open.listeners.remove(listener);
    if (closed != null) {
      closed.socket().close();
    }
    if (listener instanceof Listener.Direct direct) {
      owners.remove(direct);
    }
  }

  /// Where the pools of a Service are listened for, for rules.
  Map<PoolName, Backend> portals(ObjectKey service) {
    Map<PoolName, Backend> portals = new TreeMap<>();
    OpenService open = services.get(service);
    if (open != null) {
      open.listeners.forEach((listener, socket) -> {
        if (listener instanceof Listener.Portal(PoolName pool)) {
          portals.put(pool, new Backend(socket.socket().address(), socket.socket().port()));
        }
      });
    }
    return portals;
  }

  /// The Services that something is open for.
  List<ObjectKey> services() {
    return services.keySet().stream().sorted().toList();
  }

  /// What could not be opened, sorted.
  List<Problem> problems() {
    return services.values().stream()
        .flatMap(open -> open.problems.values().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /// Whether something may be free later that was not.
  boolean hasPlacesToTryAgain() {
    return services.values().stream()
        .flatMap(open -> open.problems.keySet().stream())
        .anyMatch(Listener.Direct.class::isInstance);
  }

  /// How many places another process listens on.
  int conflicts() {
    return (int)
        services.values().stream()
            .flatMap(open -> open.problems.values().stream())
            .filter(problem -> problem.reason() != Problem.Reason.UNSUPPORTED)
            .count();
  }

  /// Number of open listeners.
  int listeners() {
    return services.values().stream().mapToInt(open -> open.listeners.size()).sum();
  }

  /// Number of pools.
  int pools() {
    return services.values().stream().mapToInt(open -> open.pools.size()).sum();
  }

  /// The pools of all Services. Any thread.
  List<RelayPort> ports() {
    return List.copyOf(ports);
  }

  /// Whether something was ever to be open for a Service, and is not closed.
  boolean has(ObjectKey service) {
    return services.containsKey(service);
  }

  /// Closes everything.
  @Override
  public void close() {
    services.values().forEach(open -> open.pools.values().forEach(pool -> pool.port().close()));
    services.clear();
    owners.clear();
    ports.clear();
  }
}
