package kubeproxy.userspace.apply;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedService;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.Relay;
import kubeproxy.userspace.compile.OwnPlaces;
import kubeproxy.userspace.compile.PortalCompiler;
import kubeproxy.userspace.compile.RelayCompiler;
import kubeproxy.userspace.compile.Role;
import kubeproxy.userspace.program.ServiceRelay;
import org.jspecify.annotations.Nullable;

/// The `userspace` mode for one family: every pool of endpoints has a listener in this process, and
/// rules of another mode lead packets there. Without such rules it listens where clients send to,
/// as far as it can, and what it cannot is a problem.
///
/// A Service that there is no port for is refused, like one whose rules the kernel refuses. Used by
/// the sync thread only.
public final class UserspaceDataplane extends RelayingDataplane {
  private final IpFamily family;
  private final Supplier<HostAddresses> host;
  private final Optional<Dataplane> rules;
  private final RelayCompiler compiler;
  private final OwnPlacesIndex own = new OwnPlacesIndex();

  /// The Services that are carried out, as planned.
  private final Map<ObjectKey, PlannedService> installed = new HashMap<>();

  private @Nullable HostAddresses addresses;
  private @Nullable NodeSettings settings;
  private PersistentMap<ObjectKey, PlannedService> portals = PersistentMap.empty();
  private @Nullable NodePlan portalPlan;

  /// @param relay shared, and not closed with this
  /// @param host asked for the node's addresses whenever what is installed is looked at
  /// @param portalPorts from where to take the ports that rules lead to
  /// @param rules writes them, and belongs to this from now on; empty if none can be written
  public UserspaceDataplane(
      IpFamily family,
      Relay relay,
      Supplier<HostAddresses> host,
      PortChoice portalPorts,
      Optional<Dataplane> rules) {
    super(new OpenListeners(family, relay, role(rules), portalPorts));
    this.family = family;
    this.host = host;
    this.rules = rules;
    this.compiler = new RelayCompiler(family, role(rules));
  }

  private static Role role(Optional<Dataplane> rules) {
    return rules.isPresent() ? Role.BEHIND_PORTALS : Role.ALONE;
  }

  @Override
  public String name() {
    return "userspace";
  }

  @Override
  public IpFamily family() {
    return family;
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities = EnumSet.of(Capability.SCTP);
    rules.ifPresent(dataplane -> capabilities.addAll(dataplane.capabilities()));
    capabilities.add(Capability.LOCALHOST_NODE_PORTS);
    capabilities.add(Capability.LOCALHOST_NODE_PORTS_IPV6);
    capabilities.remove(Capability.SOURCE_ADDRESS_PRESERVED);
    capabilities.remove(Capability.STATE_OUTLIVES_PROCESS);
    return capabilities;
  }

  @Override
  public SyncOutcome sync(SyncRequest request) {
    boolean rehosted = request.observe() && rehost();
    NodePlan plan = request.plan();
    boolean all = request.observe() || !plan.settings().equals(settings);
    Set<ObjectKey> keys = new TreeSet<>(request.delta().services());
    if (all) {
      plan.services().forEach((key, _) -> keys.add(key));
      keys.addAll(open.services());
      keys.addAll(installed.keySet());
    }
    keys.removeAll(request.setAside());
    keys.forEach(key -> own.service(key, plan.services().get(key)));
    Map<ObjectKey, ServiceRelay> wanted = compile(plan, keys, request.setAside());
    List<Refusal> refusals = open.open(wanted, hostAddresses().listen());
    if (!refusals.isEmpty()) {
      return new SyncOutcome.Rejected(refusals);
    }
    SyncOutcome outcome =
        rules.isPresent()
            ? lead(rules.get(), request, wanted.keySet(), rehosted)
            : new SyncOutcome.Applied(open.listeners(), 0);
    if (outcome instanceof SyncOutcome.Applied) {
      settle(plan, wanted);
    }
    return outcome;
  }

  /// What the relay is to do for these Services, and for those with an endpoint that leads back
  /// into it now, or no longer.
  private Map<ObjectKey, ServiceRelay> compile(
      NodePlan plan, Set<ObjectKey> keys, Set<ObjectKey> setAside) {
    OwnPlaces places = own.all();
    Set<ObjectKey> affected = new TreeSet<>(keys);
    OwnPlaces changed = own.takeChanged();
    if (!changed.isEmpty()) {
      installed.forEach((key, service) -> {
        if (!setAside.contains(key) && RelayCompiler.hasEndpointIn(service, changed)) {
          affected.add(key);
        }
      });
    }
    Map<ObjectKey, ServiceRelay> wanted = new TreeMap<>();
    for (ObjectKey key : affected) {
      PlannedService service = plan.services().get(key);
      wanted.put(
          key,
          service == null ? ServiceRelay.NONE : compiler.compile(service, plan.settings(), places));
    }
    return wanted;
  }

  /// Has the rules written.
  private SyncOutcome lead(
      Dataplane to, SyncRequest request, Set<ObjectKey> keys, boolean rehosted) {
    NodePlan plan = request.plan();
    Map<ObjectKey, @Nullable PlannedService> changed = new HashMap<>();
    for (ObjectKey key : keys) {
      PlannedService service = plan.services().get(key);
      changed.put(key, service == null ? null : PortalCompiler.compile(service, open.portals(key)));
      own.portals(key, open.portals(key));
    }
    portals = portals.with(changed);
    NodePlan next =
        new NodePlan(
            family, PortalCompiler.settings(plan.settings()), portals, PersistentMap.empty());
    Set<ObjectKey> services = new HashSet<>(request.delta().services());
    services.addAll(keys);
    PlanDelta delta =
        new PlanDelta(services, request.delta().settings() || !plan.settings().equals(settings));
    SyncOutcome outcome =
        to.sync(new SyncRequest(next, delta, request.observe() || rehosted, request.setAside()));
    if (outcome instanceof SyncOutcome.Applied) {
      portalPlan = next;
    }
    return outcome;
  }

  private void settle(NodePlan plan, Map<ObjectKey, ServiceRelay> wanted) {
    settleListeners(wanted);
    settings = plan.settings();
    wanted
        .keySet()
        .forEach(key -> {
          PlannedService service = plan.services().get(key);
          if (service == null) {
            installed.remove(key);
          } else {
            installed.put(key, service);
          }
        });
  }

  private HostAddresses hostAddresses() {
    HostAddresses known = addresses;
    if (known == null) {
      known = host.get();
      addresses = known;
      own.nodeAddresses(known.all());
    }
    return known;
  }

  /// Looks at the node's addresses. If the one that rules lead to has gone, all of them are to lead
  /// to another.
  ///
  /// @return whether it has
  private boolean rehost() {
    HostAddresses before = addresses;
    HostAddresses now = host.get();
    own.nodeAddresses(now.all());
    if (before == null || before.areGoodWith(now.all())) {
      addresses = new HostAddresses(before == null ? now.listen() : before.listen(), now.all());
      return false;
    }
    addresses = now;
    open.closePortals();
    return true;
  }

  /// The plan of the rules that are installed, by which tracked flows are to be judged; null before
  /// the first sync, and if there are none.
  public @Nullable NodePlan portalPlan() {
    return portalPlan;
  }

  /// Whether rules lead to an address that the node has, as far as they lead anywhere. If not, what
  /// is installed is to be looked at. On the sync thread.
  ///
  /// @param local the node's addresses now, of any family
  public boolean isHostedOn(Collection<IpAddress> local) {
    HostAddresses known = addresses;
    return known == null || rules.isEmpty() || known.areGoodWith(local);
  }

  @Override
  public Map<String, Integer> objectCounts() {
    Map<String, Integer> counts =
        new HashMap<>(rules.map(Dataplane::objectCounts).orElse(Map.of()));
    counts.put("listener", open.listeners());
    counts.put("pool", open.pools());
    return counts;
  }

  @Override
  public Map<String, Integer> lastWritten() {
    return rules.map(Dataplane::lastWritten).orElse(Map.of());
  }

  @Override
  public void cleanUp() {
    rules.ifPresent(Dataplane::cleanUp);
    open.close();
  }

  /// Rules stay, and lead to nobody.
  @Override
  public void close() {
    try {
      rules.ifPresent(Dataplane::close);
    } finally {
      open.close();
    }
  }
}
