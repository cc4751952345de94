package kubeproxy.plan;

import java.util.List;
import java.util.Optional;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;

/// The part of the configuration that decides where packets go.
///
/// @param nodeName our Node's name, which endpoints on this node carry
/// @param masqueradeAll `--masquerade-all`
/// @param detectLocal `--detect-local-mode` and what belongs to it
/// @param nodePortAddresses `--nodeport-addresses`
/// @param allowExternalIps feature gate AllowServiceExternalIPs; when off, `spec.externalIPs` are
///     not served (CVE-2020-8554)
/// @param bindAddress `--bind-address` where it is specific: this node's address of its family,
///     whatever the Node says
/// @param sctp feature gate SCTPSupport; when off, ports of SCTP are not served
/// @param serviceTopology feature gate ServiceTopology; when on, `spec.topologyKeys` choose
///     endpoints
public record PlanConfig(
    IpFamily family,
    String nodeName,
    boolean masqueradeAll,
    DetectLocal detectLocal,
    NodePortChoice nodePortAddresses,
    boolean allowExternalIps,
    Optional<IpAddress> bindAddress,
    boolean sctp,
    boolean serviceTopology) {

  /// A configuration with the feature gates of old releases at their last defaults.
  public PlanConfig(
      IpFamily family,
      String nodeName,
      boolean masqueradeAll,
      DetectLocal detectLocal,
      NodePortChoice nodePortAddresses,
      boolean allowExternalIps,
      Optional<IpAddress> bindAddress) {
    this(
        family,
        nodeName,
        masqueradeAll,
        detectLocal,
        nodePortAddresses,
        allowExternalIps,
        bindAddress,
        true,
        false);
  }

  /// The same, and it leaves the node's address to the Node.
  public PlanConfig(
      IpFamily family,
      String nodeName,
      boolean masqueradeAll,
      DetectLocal detectLocal,
      NodePortChoice nodePortAddresses,
      boolean allowExternalIps) {
    this(
        family,
        nodeName,
        masqueradeAll,
        detectLocal,
        nodePortAddresses,
        allowExternalIps,
        Optional.empty());
  }

  /// How local traffic is to be detected, before the facts of the node are known.
  public sealed interface DetectLocal {

    /// The first of these prefixes of the plan's family.
    record ByClusterCidr(List<IpPrefix> cidrs) implements DetectLocal {
      public ByClusterCidr {
        cidrs = List.copyOf(cidrs);
      }
    }

    /// The first pod CIDR of our Node of the plan's family.
    record ByNodeCidr() implements DetectLocal {}

    /// A bridge interface.
    record ByBridge(String name) implements DetectLocal {}

    /// Interfaces whose name starts so.
    record ByInterfacePrefix(String prefix) implements DetectLocal {}
  }

  /// Which addresses were chosen for node ports, before the facts of the node are known.
  public sealed interface NodePortChoice {

    /// The node's primary address of each family.
    record Primary() implements NodePortChoice {}

    /// Local addresses in any of these blocks; a family without a block answers on all.
    record InCidrs(List<IpPrefix> cidrs) implements NodePortChoice {
      public InCidrs {
        cidrs = List.copyOf(cidrs);
      }
    }
  }
}
