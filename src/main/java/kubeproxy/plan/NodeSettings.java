package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpPrefix;

/// What is true for all Services of the node in one family.
///
/// @param masqueradeAll whether the source of all traffic to cluster IPs is rewritten
/// @param localSource how traffic from pods is recognised; traffic to cluster IPs from elsewhere is
///     masqueraded
/// @param nodePortAddresses where node ports answer
/// @param serviceCidrs ranges that cluster IPs come from, sorted, and no block lies within another;
///     packets to an address in them that is no cluster IP are dropped
public record NodeSettings(
    boolean masqueradeAll,
    LocalSource localSource,
    NodePortAddresses nodePortAddresses,
    List<IpPrefix> serviceCidrs) {

  public NodeSettings {
    serviceCidrs = List.copyOf(serviceCidrs);
  }
}
