package kubeproxy.userspace.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;
import kubeproxy.userspace.program.Listener;
import kubeproxy.userspace.program.PoolName;
import kubeproxy.userspace.program.PoolName.Reach;
import kubeproxy.userspace.program.RelayPool;
import kubeproxy.userspace.program.ServiceRelay;
import org.jspecify.annotations.Nullable;

/// Compiles what the relay does for a Service. Immutable.
public final class RelayCompiler {
  private final IpFamily family;
  private final Role role;

  public RelayCompiler(IpFamily family, Role role) {
    this.family = family;
    this.role = role;
  }

  /// One Service's part.
  ///
  /// @param own endpoints that are left out
  public ServiceRelay compile(PlannedService service, NodeSettings settings, OwnPlaces own) {
    Parts parts = new Parts(settings, own);
    for (PlannedPort port : service.ports()) {
      for (Frontend frontend : port.frontends()) {
        switch (role) {
          case BEHIND_PORTALS -> parts.addBehindPortal(port, frontend);
          case ALONE -> parts.addAlone(port, frontend);
          case ON_LOCALHOST -> parts.addOnLocalhost(port, frontend);
        }
      }
    }
    return new ServiceRelay(parts.pools, parts.listeners);
  }

  /// Whether an endpoint of the Service is at one of these places.
  public static boolean hasEndpointIn(PlannedService service, OwnPlaces places) {
    for (PlannedPort port : service.ports()) {
      for (Frontend frontend : port.frontends()) {
        for (Pool pool : Pools.of(port, frontend.treatment()).values()) {
          for (Backend backend : pool.backends()) {
            if (places.contain(port.name().protocol(), backend)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  /// Where this node answers for a node port; null stands for all addresses.
  private List<@Nullable IpAddress> nodePortAddresses(NodeSettings settings) {
    List<@Nullable IpAddress> addresses = new ArrayList<>();
    switch (settings.nodePortAddresses()) {
      case NodePortAddresses.AllLocal() -> addresses.add(null);
      case NodePortAddresses.Only(List<IpAddress> only) -> {
        addresses.addAll(only);
        addresses.addAll(settings.loopbackNodePorts());
      }
    }
    return addresses;
  }

  private List<IpAddress> loopbackAddresses(NodeSettings settings) {
    return switch (settings.nodePortAddresses()) {
      case NodePortAddresses.AllLocal() ->
          List.of(IpAddress.of(family == IpFamily.IPV4 ? "127.0.0.1" : "::1"));
      case NodePortAddresses.Only _ -> settings.loopbackNodePorts();
    };
  }

  /// The parts in the making.
  private final class Parts {
    private final NodeSettings settings;
    private final OwnPlaces own;
    private final Map<PoolName, RelayPool> pools = new TreeMap<>();
    private final Map<Listener, PoolName> listeners = new LinkedHashMap<>();

    Parts(NodeSettings settings, OwnPlaces own) {
      this.settings = settings;
      this.own = own;
    }

    void addBehindPortal(PlannedPort port, Frontend frontend) {
      Pools.of(port, frontend.treatment())
          .forEach((reach, pool) -> {
            PoolName name = add(port, reach, pool);
            listeners.put(new Listener.Portal(name), name);
          });
      if (frontend.kind() == FrontendKind.NODE_PORT) {
        // What arrives there comes from the node itself, which may use any endpoint.
        PoolName name = add(port, Reach.CLUSTER, Pools.cluster(frontend.treatment()));
        for (IpAddress address : nodePortAddresses(settings)) {
          listen(frontend, address, name);
        }
      }
    }

    void addAlone(PlannedPort port, Frontend frontend) {
      Map<Reach, Pool> usable = Pools.of(port, frontend.treatment());
      Reach reach =
          frontend.treatment() instanceof Treatment.ExternalLocal
              ? Reach.LOCAL
              : usable.keySet().stream().findFirst().orElse(Reach.CLUSTER);
      Pool pool = usable.get(reach);
      if (pool == null) {
        return;
      }
      PoolName name = add(port, reach, pool);
      IpAddress address = frontend.address();
      if (address != null) {
        listen(frontend, address, name);
        return;
      }
      for (IpAddress local : nodePortAddresses(settings)) {
        listen(frontend, local, name);
      }
    }

    void addOnLocalhost(PlannedPort port, Frontend frontend) {
      Pool pool = Pools.cluster(frontend.treatment());
      List<IpAddress> addresses = loopbackAddresses(settings);
      if (frontend.kind() == FrontendKind.NODE_PORT && !pool.isEmpty() && !addresses.isEmpty()) {
        PoolName name = add(port, Reach.CLUSTER, pool);
        addresses.forEach(address -> listen(frontend, address, name));
      }
    }

    /// A pool that was added before with endpoints keeps them.
    private PoolName add(PlannedPort port, Reach reach, Pool pool) {
      PoolName name = new PoolName(port.name(), reach);
      RelayPool known = pools.get(name);
      if (known == null || known.pool().isEmpty()) {
        List<Backend> others = others(port, pool.backends());
        Pool usable = others.size() == pool.size() ? pool : new Pool(others);
        List<Backend> serving = others(port, port.serving());
        pools.put(name, new RelayPool(usable, port.affinityTimeoutSeconds(), serving));
      }
      return name;
    }

    private List<Backend> others(PlannedPort port, List<Backend> backends) {
      return backends.stream()
          .filter(backend -> !leadsBack(port.name().protocol(), backend))
          .toList();
    }

    /// Beside another mode only loopback addresses are listened on.
    private boolean leadsBack(Protocol protocol, Backend backend) {
      return role == Role.ON_LOCALHOST
          ? backend.address().isLoopback()
          : own.contain(protocol, backend);
    }

    private void listen(Frontend frontend, @Nullable IpAddress address, PoolName pool) {
      listeners.put(
          new Listener.Direct(
              address,
              frontend.port(),
              frontend.protocol(),
              frontend.kind(),
              frontend.allowedSources()),
          pool);
    }
  }
}
