package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;

/// What is true for all Services of the node in one family.
///
/// @param masqueradeAll whether the source of all traffic to cluster IPs is rewritten
/// @param localSource how traffic from pods is recognised; traffic to cluster IPs from elsewhere is
///     masqueraded
/// @param nodePortAddresses where node ports answer
/// @param loopbackNodePorts loopback addresses among those chosen for node ports: node ports answer
///     on them too where a mode can do that and is told to. Sorted; empty unless
///     `nodePortAddresses` is [NodePortAddresses.Only]
/// @param serviceCidrs ranges that cluster IPs come from, sorted, and no block lies within another;
///     packets to an address in them that is no cluster IP are dropped
public record NodeSettings(
    boolean masqueradeAll,
    LocalSource localSource,
    NodePortAddresses nodePortAddresses,
    List<IpAddress> loopbackNodePorts,
    List<IpPrefix> serviceCidrs) {

  public NodeSettings {
    loopbackNodePorts = List.copyOf(loopbackNodePorts);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  /// Settings with no loopback address among those of node ports.
  public NodeSettings(
      boolean masqueradeAll,
      LocalSource localSource,
      NodePortAddresses nodePortAddresses,
      List<IpPrefix> serviceCidrs) {
    this(masqueradeAll, localSource, nodePortAddresses, List.of(), serviceCidrs);
  }
}
