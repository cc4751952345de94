package kubeproxy.config.v1alpha1;

import java.util.List;

/// `detectLocalMode`, `clusterCIDR` and `detectLocal`: how traffic of this node's pods is told from
/// other traffic.
///
/// @param mode `ClusterCIDR`, `NodeCIDR`, `BridgeInterface` or `InterfaceNamePrefix`
/// @param clusterCidrs the parts of `clusterCIDR` between commas
/// @param bridgeInterface for the mode BridgeInterface
/// @param interfaceNamePrefix for the mode InterfaceNamePrefix
public record DetectLocal(
    String mode, List<String> clusterCidrs, String bridgeInterface, String interfaceNamePrefix) {

  /// What counts where nothing is said.
  public static final DetectLocal DEFAULT = new DetectLocal("", List.of(), "", "");

  public DetectLocal {
    clusterCidrs = List.copyOf(clusterCidrs);
  }
}
