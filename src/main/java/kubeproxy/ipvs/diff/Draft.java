package kubeproxy.ipvs.diff;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.ipvs.diff.Claims.Claim;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.ipvs.program.VirtualServer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Changes in the making, in the order of [Operation].
final class Draft {
  private final Map<ServerKey, Set<Backend>> draining;
  private final Map<Phase, List<OwnedOperation>> phases = new EnumMap<>(Phase.class);

  /// In this order.
  private enum Phase {
    LINK,
    SET,
    ADD_ENTRY,
    SERVER,
    BACKEND,
    ADD_ADDRESS,
    REMOVE_ADDRESS,
    DRAIN,
    REMOVE_BACKEND,
    REMOVE_SERVER,
    REMOVE_ENTRY
  }

  /// @param draining real servers that are in the kernel without weight
  Draft(Map<ServerKey, Set<Backend>> draining) {
    this.draining = draining;
  }

  void add(@Nullable ObjectKey owner, Operation operation) {
    phases
        .computeIfAbsent(phase(operation), _ -> new ArrayList<>())
        .add(new OwnedOperation(owner, operation));
  }

  private static Phase phase(Operation operation) {
    return switch (operation) {
      case Operation.MakeLink _ -> Phase.LINK;
      case Operation.MakeSet _ -> Phase.SET;
      case Operation.AddEntry _ -> Phase.ADD_ENTRY;
      case Operation.AddServer _, Operation.EditServer _ -> Phase.SERVER;
      case Operation.AddBackend _, Operation.Revive _ -> Phase.BACKEND;
      case Operation.AddAddress _ -> Phase.ADD_ADDRESS;
      case Operation.RemoveAddress _ -> Phase.REMOVE_ADDRESS;
      case Operation.Drain _ -> Phase.DRAIN;
      case Operation.RemoveBackend _ -> Phase.REMOVE_BACKEND;
      case Operation.RemoveServer _ -> Phase.REMOVE_SERVER;
      case Operation.RemoveEntry _ -> Phase.REMOVE_ENTRY;
    };
  }

  List<OwnedOperation> finish() {
    List<OwnedOperation> all = new ArrayList<>();
    phases.values().forEach(all::addAll);
    return all;
  }

  void entry(SetEntry entry, @Nullable Claim<Boolean> before, @Nullable Claim<Boolean> after) {
    if (before == null && after != null) {
      add(after.owner(), new Operation.AddEntry(entry));
    } else if (before != null && after == null) {
      add(before.owner(), new Operation.RemoveEntry(entry));
    }
  }

  void address(IpAddress address, @Nullable Claim<Boolean> before, @Nullable Claim<Boolean> after) {
    entry(bound(address), before, after);
    if (before == null && after != null) {
      add(after.owner(), new Operation.AddAddress(address));
    } else if (before != null && after == null) {
      add(before.owner(), new Operation.RemoveAddress(address));
    }
  }

  /// The entry that goes with an address of the interface.
  static SetEntry bound(IpAddress address) {
    return new SetEntry(IpSet.BOUND, new SetEntry.Element.Address(address));
  }

  /// A virtual server without real ones is not made: what goes there is refused by rules, at once
  /// and by a reset. It only stays until its connections have ended.
  void server(
      ServerKey key, @Nullable Claim<VirtualServer> before, @Nullable Claim<VirtualServer> after) {
    boolean there = before != null && exists(before.value());
    if (after != null && !after.value().backends().isEmpty()) {
      if (before == null || !there) {
        add(after.owner(), new Operation.AddEntry(mark(key)));
        create(after);
      } else {
        change(before.value(), after);
      }
    } else if (before != null && there) {
      if (after != null && lingers(key)) {
        before.value().backends().forEach(each -> retire(after, each));
      } else {
        remove(before.owner(), key);
      }
    }
  }

  private boolean exists(VirtualServer server) {
    return !server.backends().isEmpty() || draining.containsKey(server.key());
  }

  private void change(VirtualServer old, Claim<VirtualServer> after) {
    VirtualServer now = after.value();
    // one that took no connections stayed as it was before that
    if (old.backends().isEmpty() || !old.scheduling().equals(now.scheduling())) {
      add(after.owner(), new Operation.EditServer(now.key(), now.scheduling()));
    }
    if (!old.backends().equals(now.backends())) {
      Set<Backend> gone = new HashSet<>(old.backends());
      now.backends().stream().filter(each -> !gone.remove(each)).forEach(each -> join(after, each));
      old.backends().stream().filter(gone::contains).forEach(each -> retire(after, each));
    }
  }

  /// A virtual server goes, and its mark.
  void remove(@Nullable ObjectKey owner, ServerKey key) {
    add(owner, new Operation.RemoveServer(key));
    add(owner, new Operation.RemoveEntry(mark(key)));
  }

  /// The entry that tells that a virtual server is a proxy's; it is there for as long.
  static SetEntry mark(ServerKey key) {
    var place = new SetEntry.Element.AddressPort(key.address(), key.protocol(), key.port());
    return new SetEntry(IpSet.SERVERS, place);
  }

  /// A virtual server that was not there, but for its mark.
  void create(Claim<VirtualServer> claim) {
    VirtualServer server = claim.value();
    add(claim.owner(), new Operation.AddServer(server.key(), server.scheduling()));
    for (Backend backend : server.backends()) {
      add(claim.owner(), new Operation.AddBackend(server.key(), backend));
    }
  }

  private void join(Claim<VirtualServer> claim, Backend backend) {
    ServerKey key = claim.value().key();
    boolean waits = draining.getOrDefault(key, Set.of()).contains(backend);
    add(
        claim.owner(),
        waits ? new Operation.Revive(key, backend) : new Operation.AddBackend(key, backend));
  }

  private void retire(Claim<VirtualServer> claim, Backend backend) {
    ServerKey key = claim.value().key();
    add(
        claim.owner(),
        lingers(key)
            ? new Operation.Drain(key, backend)
            : new Operation.RemoveBackend(key, backend));
  }

  /// Whether connections have an end that is worth waiting for. As upstream, only those of TCP:
  /// flows of UDP may never end, and where they go on to is lost with its endpoint.
  static boolean lingers(ServerKey key) {
    return key.protocol() == Protocol.TCP;
  }
}
