package kubeproxy.app;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kubeproxy.config.ProxyMode;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.OpenParts;
import kubeproxy.engine.FaultHandler;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.RelayPort;
import kubeproxy.relay.RelayUse;
import kubeproxy.userspace.apply.HostAddresses;
import kubeproxy.userspace.apply.LazyRelay;
import kubeproxy.userspace.apply.UserspaceDataplane;
import org.jspecify.annotations.Nullable;

/// The `userspace` mode: one relay for both families, and the parts of the modes that write the
/// rules which lead to it.
public final class UserspaceParts implements ModeParts {
  private final How how;
  private final List<Rules> writers;
  private final Consumer<IpFamily> lookAgain;
  private final LazyRelay relay;
  private final ListenRetry retry;
  private final OpenParts open = new OpenParts();
  private final Map<IpFamily, ModeParts> rules = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, UserspaceDataplane> dataplanes = new ConcurrentHashMap<>();

  private UserspaceParts(How how, List<Rules> writers, Consumer<IpFamily> lookAgain) {
    this.how = how;
    this.writers = List.copyOf(writers);
    this.lookAgain = lookAgain;
    this.relay = open.add(LazyRelay.of(how.udpTimeout(), how.log()));
    this.retry = open.add(new ListenRetry(lookAgain));
  }

  /// What the mode was asked for.
  ///
  /// @param bindAddress `--bind-address` if it is specific
  /// @param portalPorts `--proxy-port-range`
  /// @param udpTimeout `--udp-timeout`; positive
  public record How(
      Optional<IpAddress> bindAddress, PortChoice portalPorts, Duration udpTimeout, Logger log) {}

  /// Who writes the rules for some families.
  ///
  /// @param mode whose rules they are
  public record Rules(Set<IpFamily> families, ProxyMode mode, ModeOpener opener) {
    public Rules {
      families = Set.copyOf(families);
    }
  }

  /// The opener of this mode.
  ///
  /// @param rules each family at most once; the others do without
  public static ModeOpener opener(How how, List<Rules> rules) {
    return (drift, faults) -> open(how, rules, drift, faults);
  }

  private static UserspaceParts open(
      How how, List<Rules> rules, Consumer<IpFamily> drift, FaultHandler faults)
      throws IOException {
    UserspaceParts parts = new UserspaceParts(how, rules, drift);
    try {
      parts.openRules(drift, faults);
    } catch (IOException | RuntimeException | Error e) {
      parts.close();
      throw e;
    }
    return parts;
  }

  private void openRules(Consumer<IpFamily> drift, FaultHandler faults) throws IOException {
    for (Rules some : writers) {
      ModeParts parts = open.add(some.opener().open(drift, faults));
      some.families().forEach(family -> rules.put(family, parts));
    }
  }

  @Override
  public Dataplane dataplane(IpFamily family) {
    Supplier<HostAddresses> host = new HostAddress(family, how.bindAddress(), how.log());
    Optional<Dataplane> writer =
        Optional.ofNullable(rules.get(family)).map(parts -> parts.dataplane(family));
    UserspaceDataplane dataplane =
        new UserspaceDataplane(family, relay, host, how.portalPorts(), writer);
    dataplanes.put(family, dataplane);
    retry.watch(family, dataplane::hasPlacesToTryAgain);
    return dataplane;
  }

  /// Flows are tracked as the rules lead them: to the relay. Without rules nothing is translated.
  @Override
  public SyncObserver flowObserver(SyncObserver cleaner) {
    return new RuleFlows(cleaner);
  }

  /// With rules of two modes, neither's are leftovers.
  @Override
  public Optional<ProxyMode> rulesOf(ProxyMode mode) {
    return writers.size() == 1 ? Optional.of(writers.getFirst().mode()) : Optional.empty();
  }

  @Override
  public Optional<RelayTraffic> relayTraffic() {
    return Optional.of(new Traffic());
  }

  private final class Traffic implements RelayTraffic {

    @Override
    public List<RelayPort> ports() {
      return dataplanes.values().stream().flatMap(plane -> plane.ports().stream()).toList();
    }

    @Override
    public int conflicts() {
      return dataplanes.values().stream().mapToInt(UserspaceDataplane::conflicts).sum();
    }

    @Override
    public RelayUse use() {
      return relay.use();
    }
  }

  /// Tells of the plan of the rules in the place of that of the endpoints.
  private final class RuleFlows implements SyncObserver {
    private final SyncObserver cleaner;
    private final Map<IpFamily, NodePlan> last = new EnumMap<>(IpFamily.class);

    RuleFlows(SyncObserver cleaner) {
      this.cleaner = cleaner;
    }

    @Override
    public void on(SyncEvent event) {
      if (event instanceof SyncEvent.Synced synced) {
        UserspaceDataplane dataplane = dataplanes.get(synced.family());
        NodePlan now = dataplane == null ? null : dataplane.portalPlan();
        if (now != null) {
          cleaner.on(translated(synced, last.put(synced.family(), now), now));
        }
        return;
      }
      if (event instanceof SyncEvent.FactsChanged(var facts)) {
        dataplanes.forEach((family, dataplane) -> {
          if (!dataplane.isHostedOn(facts.localAddresses())) {
            lookAgain.accept(family);
          }
        });
      }
      cleaner.on(event);
    }

    private static SyncEvent translated(
        SyncEvent.Synced synced, @Nullable NodePlan before, NodePlan now) {
      NodePlan known = synced.before() == null ? null : before;
      PlanDelta changes =
          synced.report().observed() && known != null
              ? PlanDelta.between(known, now)
              : synced.changes();
      return new SyncEvent.Synced(synced.family(), known, now, changes, synced.report());
    }
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
