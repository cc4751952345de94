package kubeproxy.userspace.apply;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.Relay;
import kubeproxy.userspace.compile.OwnPlaces;
import kubeproxy.userspace.compile.RelayCompiler;
import kubeproxy.userspace.compile.Role;
import kubeproxy.userspace.program.ServiceRelay;
import org.jspecify.annotations.Nullable;

/// A data plane that carries out everything but node ports on loopback addresses, and a relay for
/// these. Kernels route nothing from and to loopback addresses unless they are told to route too
/// much (CVE-2020-8558), and in IPv6 not even then.
///
/// What the relay cannot do is a problem of the Service and holds nothing up. Used by the sync
/// thread only.
public final class LocalhostDataplane extends RelayingDataplane {
  private final Dataplane rest;
  private final RelayCompiler compiler;
  private @Nullable NodeSettings settings;

  /// @param rest carries out the rest, and belongs to this from now on
  /// @param relay shared, and not closed with this
  public LocalhostDataplane(Dataplane rest, Relay relay) {
    super(new OpenListeners(rest.family(), relay, Role.ON_LOCALHOST, new PortChoice.AnyFree()));
    this.rest = rest;
    this.compiler = new RelayCompiler(rest.family(), Role.ON_LOCALHOST);
  }

  @Override
  public String name() {
    return rest.name();
  }

  @Override
  public IpFamily family() {
    return rest.family();
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities = EnumSet.copyOf(rest.capabilities());
    capabilities.add(Capability.LOCALHOST_NODE_PORTS);
    capabilities.add(Capability.LOCALHOST_NODE_PORTS_IPV6);
    return capabilities;
  }

  @Override
  public SyncOutcome sync(SyncRequest request) {
    SyncOutcome outcome = rest.sync(request);
    if (outcome instanceof SyncOutcome.Applied) {
      listen(request);
    }
    return outcome;
  }

  private void listen(SyncRequest request) {
    NodePlan plan = request.plan();
    Set<ObjectKey> keys = new TreeSet<>(request.delta().services());
    if (request.observe() || !plan.settings().equals(settings)) {
      plan.services().forEach((key, _) -> keys.add(key));
      keys.addAll(open.services());
    }
    keys.removeAll(request.setAside());
    settings = plan.settings();
    Map<ObjectKey, ServiceRelay> wanted = new TreeMap<>();
    for (ObjectKey key : keys) {
      PlannedService service = plan.services().get(key);
      ServiceRelay relay =
          service == null
              ? ServiceRelay.NONE
              : compiler.compile(service, plan.settings(), OwnPlaces.NONE);
      if (!relay.equals(ServiceRelay.NONE) || open.has(key)) {
        wanted.put(key, relay);
      }
    }
    open.open(wanted, IpAddress.of(family() == IpFamily.IPV4 ? "127.0.0.1" : "::1"));
    settleListeners(wanted);
  }

  @Override
  public Map<String, Integer> objectCounts() {
    Map<String, Integer> counts = new HashMap<>(rest.objectCounts());
    if (open.listeners() > 0) {
      counts.put("listener", open.listeners());
    }
    return counts;
  }

  @Override
  public Map<String, Integer> lastWritten() {
    return rest.lastWritten();
  }

  @Override
  public void cleanUp() {
    rest.cleanUp();
    open.close();
  }

  @Override
  public void close() {
    try {
      rest.close();
    } finally {
      open.close();
    }
  }
}
