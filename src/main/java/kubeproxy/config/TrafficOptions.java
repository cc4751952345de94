package kubeproxy.config;

import java.util.List;
import java.util.Optional;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;

/// Which traffic is handled, whatever the mode.
///
/// @param nodePortAddresses where node ports answer; empty if nothing was said
/// @param allowExternalIps feature gate AllowServiceExternalIPs
public record TrafficOptions(
    DetectLocal detectLocal, Optional<NodePortChoice> nodePortAddresses, boolean allowExternalIps) {

  /// Where node ports answer in a mode: where nothing was said, nftables takes the node's primary
  /// addresses and all others take every local address.
  public NodePortChoice nodePorts(ProxyMode mode) {
    return nodePortAddresses.orElseGet(() ->
        switch (mode) {
          case NFTABLES -> new NodePortChoice.Primary();
          case IPTABLES, IPVS, USERSPACE -> new NodePortChoice.InCidrs(List.of());
        });
  }
}
