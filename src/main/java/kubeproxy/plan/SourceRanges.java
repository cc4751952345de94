package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Service;

/// Who may connect to the load balancer addresses of a Service.
final class SourceRanges {

  private SourceRanges() {}

  /// The blocks that may connect; empty means everybody. Ranges of the other family only restrict
  /// nobody, and neither does a list with a block of length zero.
  ///
  /// Where a range holds an address of this node, the load balancer addresses are let in as well:
  /// if one of them is bound to an interface of the node, it is the source of what the node sends
  /// to it.
  ///
  /// @param addresses the load balancer addresses, of the plan's family
  static List<IpPrefix> allowed(
      PlanConfig config, OwnNode node, Service service, List<IpAddress> addresses) {
    List<IpPrefix> ranges =
        Prefixes.ofFamily(service.loadBalancerSourceRanges(), config.family()).toList();
    if (ranges.stream().anyMatch(range -> range.length() == 0)) {
      return List.of();
    }
    List<IpPrefix> allowed = new ArrayList<>(ranges);
    if (node.addresses().stream().anyMatch(own -> anyContains(ranges, own))) {
      addresses.forEach(address -> allowed.add(IpPrefix.ofSingle(address)));
    }
    return Prefixes.disjoint(allowed);
  }

  private static boolean anyContains(List<IpPrefix> ranges, IpAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }
}
