package kubeproxy.ipvs.diff;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import kubeproxy.ipvs.diff.Claims.Claim;
import kubeproxy.ipvs.diff.Observed.RealServer;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.ipvs.program.VirtualServer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Backend;

/// Finds the changes that lead from what was read back to what is desired, so that whatever is
/// right already stays untouched, whoever made it: after a restart, after upstream kube-proxy, or
/// when somebody else changed what is ours.
public final class FullDiff {
  /// As every real server has that takes new connections.
  private static final int WEIGHT = 1;

  private final Observed observed;
  private final Desired desired;
  private final Draft draft = new Draft(Map.of());
  private final Holdings wanted = new Holdings();
  private final Map<ServerKey, Set<Backend>> draining = new HashMap<>();

  /// The virtual servers that there are to be.
  private final Map<ServerKey, ObjectKey> marked = new LinkedHashMap<>();

  private FullDiff(Observed observed, Desired desired) {
    this.observed = observed;
    this.desired = desired;
    wanted.accept(new Holdings.Changes(Map.of(), desired.fragments(), desired.yielding()));
  }

  /// The changes.
  ///
  /// @param desired `fragments` holds all Services
  /// @param ours tells of a virtual server that no Service wants whether it may be removed
  public static Proposal between(
      Observed observed, Desired desired, Predicate<Observed.Server> ours) {
    return new FullDiff(observed, desired).diff(ours);
  }

  private Proposal diff(Predicate<Observed.Server> ours) {
    if (!observed.link()) {
      draft.add(null, new Operation.MakeLink());
    }
    for (IpSet set : IpSet.values()) {
      if (!observed.sets().contains(set)) {
        draft.add(null, new Operation.MakeSet(set));
      }
    }
    servers(ours);
    entries();
    addresses();
    return new Proposal(draft.finish(), true, desired, draining);
  }

  private void entries() {
    Set<SetEntry> surplus = new HashSet<>(observed.entries());
    wanted.entries().forEach((entry, claim) -> entry(surplus, entry, claim.owner()));
    wanted
        .addresses()
        .forEach((address, claim) -> entry(surplus, Draft.bound(address), claim.owner()));
    marked.forEach((key, owner) -> entry(surplus, Draft.mark(key), owner));
    surplus.stream().sorted().forEach(entry -> draft.add(null, new Operation.RemoveEntry(entry)));
  }

  private void entry(Set<SetEntry> surplus, SetEntry entry, ObjectKey owner) {
    if (!surplus.remove(entry)) {
      draft.add(owner, new Operation.AddEntry(entry));
    }
  }

  private void addresses() {
    Set<IpAddress> surplus = new HashSet<>(observed.bound());
    wanted
        .addresses()
        .forEach((address, claim) -> {
          if (!surplus.remove(address)) {
            draft.add(claim.owner(), new Operation.AddAddress(address));
          }
        });
    surplus.stream()
        .sorted()
        .forEach(address -> draft.add(null, new Operation.RemoveAddress(address)));
  }

  private void servers(Predicate<Observed.Server> ours) {
    wanted
        .servers()
        .forEach((key, claim) -> {
          Observed.Server there = observed.servers().get(key);
          if (claim.value().backends().isEmpty()) {
            if (there != null) {
              empty(claim, there, ours);
            }
            return;
          }
          marked.put(key, claim.owner());
          if (there == null) {
            draft.create(claim);
          } else {
            correct(claim, there);
          }
        });
    observed.servers().values().stream()
        .filter(server -> wanted.servers().holder(server.key()) == null && ours.test(server))
        .map(Observed.Server::key)
        .sorted()
        .forEach(key -> draft.add(null, new Operation.RemoveServer(key)));
  }

  /// A virtual server that takes no connections any more.
  private void empty(
      Claim<VirtualServer> claim, Observed.Server there, Predicate<Observed.Server> ours) {
    if (!ours.test(there)) {
      return;
    }
    ServerKey key = there.key();
    boolean busy = there.servers().stream().anyMatch(server -> server.connections() > 0);
    if (busy && Draft.lingers(key)) {
      marked.put(key, claim.owner());
      retireAll(claim.owner(), key, there.servers());
    } else {
      draft.add(claim.owner(), new Operation.RemoveServer(key));
    }
  }

  private void correct(Claim<VirtualServer> claim, Observed.Server there) {
    VirtualServer server = claim.value();
    if (!server.scheduling().equals(there.scheduling())) {
      draft.add(claim.owner(), new Operation.EditServer(server.key(), server.scheduling()));
    }
    Map<Backend, RealServer> surplus = new HashMap<>();
    there.servers().forEach(each -> surplus.put(each.backend(), each));
    for (Backend backend : server.backends()) {
      RealServer found = surplus.remove(backend);
      if (found == null) {
        draft.add(claim.owner(), new Operation.AddBackend(server.key(), backend));
      } else if (found.weight() != WEIGHT || !found.masqueraded()) {
        draft.add(claim.owner(), new Operation.Revive(server.key(), backend));
      }
    }
    retireAll(claim.owner(), server.key(), surplus.values());
  }

  private void retireAll(ObjectKey owner, ServerKey key, Collection<RealServer> servers) {
    servers.stream()
        .sorted(Comparator.comparing(RealServer::backend))
        .forEach(each -> retire(owner, key, each));
  }

  private void retire(ObjectKey owner, ServerKey key, RealServer server) {
    Backend backend = server.backend();
    if (server.connections() == 0 || !Draft.lingers(key)) {
      draft.add(owner, new Operation.RemoveBackend(key, backend));
    } else if (server.weight() > 0) {
      draft.add(owner, new Operation.Drain(key, backend));
    } else {
      draining.computeIfAbsent(key, _ -> new HashSet<>()).add(backend);
    }
  }
}
