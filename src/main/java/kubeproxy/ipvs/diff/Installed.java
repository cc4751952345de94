package kubeproxy.ipvs.diff;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kubeproxy.ipvs.compile.NodeView;
import kubeproxy.ipvs.program.Fragment;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.VirtualServer;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// What the kernel last acknowledged, in one family. Changes only by accepting what was
/// acknowledged. Used by one thread at a time.
public final class Installed {
  private final Map<ObjectKey, Fragment> fragments = new HashMap<>();
  private final Holdings holdings = new Holdings();
  private final Map<ServerKey, Set<Backend>> draining = new HashMap<>();
  private @Nullable NodeView view;

  /// The part of a Service, or null.
  public @Nullable Fragment fragment(ObjectKey key) {
    return fragments.get(key);
  }

  /// All parts.
  public Map<ObjectKey, Fragment> fragments() {
    return fragments;
  }

  /// What the parts were compiled for; null before the first time.
  public @Nullable NodeView view() {
    return view;
  }

  /// Real servers without weight, whose connections are waited for.
  public Map<ServerKey, Set<Backend>> draining() {
    return draining;
  }

  /// Whether this virtual server is one of those acknowledged.
  public boolean holds(ServerKey key) {
    return serves(key) || draining.containsKey(key);
  }

  /// Whether new connections to this virtual server are taken.
  public boolean serves(ServerKey key) {
    Claims.Claim<VirtualServer> claim = holdings.servers().holder(key);
    return claim != null && !claim.value().backends().isEmpty();
  }

  Holdings holdings() {
    return holdings;
  }

  /// How many virtual and real servers, addresses and entries there are, by our words for them.
  public Map<String, Integer> counts() {
    int[] servers = {0};
    int[] backends = {0};
    holdings
        .servers()
        .forEach((_, claim) -> {
          int size = claim.value().backends().size();
          servers[0] += size == 0 ? 0 : 1;
          backends[0] += size;
        });
    Map<String, Integer> counts = new HashMap<>();
    counts.put("virtual-server", servers[0]);
    counts.put("real-server", backends[0]);
    counts.put("draining-server", draining.values().stream().mapToInt(Set::size).sum());
    counts.put("address", holdings.addresses().size());
    counts.put("set-entry", holdings.entries().size() + holdings.addresses().size() + servers[0]);
    return counts;
  }

  /// Takes over what was acknowledged.
  public void accept(Proposal proposal) {
    if (proposal.startsOver()) {
      fragments.clear();
      holdings.clear();
      draining.clear();
      proposal.draining().forEach((key, backends) -> draining.put(key, new HashSet<>(backends)));
    }
    Desired desired = proposal.desired();
    holdings.accept(new Holdings.Changes(fragments, desired.fragments(), desired.yielding()));
    desired.fragments().forEach(this::put);
    view = desired.view();
    proposal.operations().forEach(each -> follow(each.operation()));
  }

  private void put(ObjectKey key, @Nullable Fragment fragment) {
    if (fragment == null) {
      fragments.remove(key);
    } else {
      fragments.put(key, fragment);
    }
  }

  private void follow(Operation operation) {
    switch (operation) {
      case Operation.Drain(ServerKey key, Backend backend) ->
          draining.computeIfAbsent(key, _ -> new HashSet<>()).add(backend);
      case Operation.Revive(ServerKey key, Backend backend) -> forget(key, backend);
      case Operation.RemoveBackend(ServerKey key, Backend backend) -> forget(key, backend);
      case Operation.RemoveServer(ServerKey key) -> forget(key);
      case Operation.MakeLink _,
          Operation.MakeSet _,
          Operation.AddEntry _,
          Operation.AddServer _,
          Operation.EditServer _,
          Operation.AddBackend _,
          Operation.AddAddress _,
          Operation.RemoveAddress _,
          Operation.RemoveEntry _ -> {}
    }
  }

  /// A virtual server whose connections were waited for is gone.
  public void forget(ServerKey key) {
    draining.remove(key);
  }

  /// A real server that was waited for is gone, or in use again.
  public void forget(ServerKey key, Backend backend) {
    Set<Backend> there = draining.get(key);
    if (there != null) {
      there.remove(backend);
      if (there.isEmpty()) {
        draining.remove(key);
      }
    }
  }
}
