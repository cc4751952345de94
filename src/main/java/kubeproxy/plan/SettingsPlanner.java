package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Node;

/// Plans what is true for all Services of the node.
final class SettingsPlanner {
  private final PlanConfig config;
  private final OwnNode node;
  private final ClusterSnapshot snapshot;
  private final NodeFacts facts;

  private SettingsPlanner(
      PlanConfig config, OwnNode node, ClusterSnapshot snapshot, NodeFacts facts) {
    this.config = config;
    this.node = node;
    this.snapshot = snapshot;
    this.facts = facts;
  }

  static NodeSettings plan(
      PlanConfig config, OwnNode node, ClusterSnapshot snapshot, NodeFacts facts) {
    SettingsPlanner planner = new SettingsPlanner(config, node, snapshot, facts);
    return new NodeSettings(
        config.masqueradeAll(),
        planner.localSource(),
        planner.nodePortAddresses(),
        planner.loopbackNodePorts(),
        planner.serviceCidrs());
  }

  private LocalSource localSource() {
    return switch (config.detectLocal()) {
      case PlanConfig.DetectLocal.ByClusterCidr(List<IpPrefix> cidrs) -> fromFirst(cidrs);
      case PlanConfig.DetectLocal.ByNodeCidr() -> {
        Node own = snapshot.node(config.nodeName());
        yield fromFirst(own == null ? List.of() : own.podCidrs());
      }
      case PlanConfig.DetectLocal.ByBridge(String name) -> new LocalSource.FromInterface(name);
      case PlanConfig.DetectLocal.ByInterfacePrefix(String prefix) ->
          new LocalSource.FromInterfacePrefix(prefix);
    };
  }

  private LocalSource fromFirst(List<IpPrefix> cidrs) {
    Optional<IpPrefix> first = Prefixes.ofFamily(cidrs, config.family()).findFirst();
    return first.isPresent() ? new LocalSource.FromPrefix(first.get()) : new LocalSource.Unknown();
  }

  private NodePortAddresses nodePortAddresses() {
    return switch (config.nodePortAddresses()) {
      case PlanConfig.NodePortChoice.Primary() -> primary();
      case PlanConfig.NodePortChoice.InCidrs(List<IpPrefix> cidrs) -> inCidrs(cidrs);
    };
  }

  /// The first address that is not a loopback one, once it is seen on an interface. Without facts
  /// about interfaces the Node is believed.
  private NodePortAddresses primary() {
    Optional<IpAddress> primary =
        node.addresses().stream().filter(address -> !address.isLoopback()).findFirst();
    if (primary.isEmpty()) {
      return new NodePortAddresses.AllLocal();
    }
    return new NodePortAddresses.Only(
        facts.localAddresses().isEmpty()
            ? List.of(primary.get())
            : localIn(List.of(IpPrefix.ofSingle(primary.get()))));
  }

  private NodePortAddresses inCidrs(List<IpPrefix> cidrs) {
    List<IpPrefix> own = Prefixes.ofFamily(cidrs, config.family()).toList();
    boolean all = own.isEmpty() || own.stream().anyMatch(cidr -> cidr.length() == 0);
    return all ? new NodePortAddresses.AllLocal() : new NodePortAddresses.Only(localIn(own));
  }

  private List<IpAddress> loopbackNodePorts() {
    return switch (config.nodePortAddresses()) {
      case PlanConfig.NodePortChoice.Primary() -> List.of();
      case PlanConfig.NodePortChoice.InCidrs(List<IpPrefix> cidrs) -> {
        List<IpPrefix> own = Prefixes.ofFamily(cidrs, config.family()).toList();
        boolean all = own.stream().anyMatch(cidr -> cidr.length() == 0);
        yield all ? List.of() : chosen(own, IpAddress::isLoopback);
      }
    };
  }

  private List<IpAddress> localIn(List<IpPrefix> cidrs) {
    return chosen(cidrs, address -> !address.isLoopback());
  }

  private List<IpAddress> chosen(List<IpPrefix> cidrs, Predicate<IpAddress> kind) {
    return facts.localAddresses().stream()
        .filter(kind)
        .filter(address -> cidrs.stream().anyMatch(cidr -> cidr.contains(address)))
        .distinct()
        .sorted()
        .toList();
  }

  private List<IpPrefix> serviceCidrs() {
    IpFamily family = config.family();
    List<IpPrefix> cidrs = new ArrayList<>();
    snapshot
        .serviceCidrs()
        .forEach((_, object) -> Prefixes.ofFamily(object.cidrs(), family).forEach(cidrs::add));
    return Prefixes.disjoint(cidrs);
  }
}
