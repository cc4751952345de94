package kubeproxy.config;

import java.util.List;
import java.util.Optional;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;

/// Which traffic is handled, whatever the mode.
///
/// @param nodePortAddresses where node ports answer; empty if nothing was said
/// @param allowExternalIps feature gate AllowServiceExternalIPs
public record TrafficOptions(
    DetectLocal detectLocal, Optional<NodePortChoice> nodePortAddresses, boolean allowExternalIps) {
  private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");

  /// Where node ports answer in a mode: where nothing was said, nftables takes the node's primary
  /// addresses and all others take every local address.
  public NodePortChoice nodePorts(ProxyMode mode) {
    return nodePortAddresses.orElseGet(() ->
        switch (mode) {
          case NFTABLES -> new NodePortChoice.Primary();
          case IPTABLES, IPVS, USERSPACE -> new NodePortChoice.InCidrs(List.of());
        });
  }

  /// Whether node ports are to answer on 127.0.0.1 in a mode that can do that.
  public boolean coversLocalhost(ProxyMode mode) {
    return switch (nodePorts(mode)) {
      case NodePortChoice.Primary() -> false;
      case NodePortChoice.InCidrs(List<IpPrefix> cidrs) -> {
        List<IpPrefix> ipv4 =
            cidrs.stream().filter(cidr -> cidr.family() == IpFamily.IPV4).toList();
        yield ipv4.isEmpty() || ipv4.stream().anyMatch(cidr -> cidr.contains(LOCALHOST));
      }
    };
  }
}
