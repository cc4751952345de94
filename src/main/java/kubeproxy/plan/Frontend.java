package kubeproxy.plan;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// One address and port that this node answers for. No two frontends of a plan have the same
/// address, protocol and port.
///
/// @param address null for a node port, whose addresses are [NodeSettings#nodePortAddresses]
/// @param port destination port before translation
/// @param allowedSources who may connect (`loadBalancerSourceRanges`); empty means everybody.
///     Sorted, and no block lies within another. Checked before anything else; others are dropped
public record Frontend(
    FrontendKind kind,
    @Nullable IpAddress address,
    Protocol protocol,
    int port,
    Treatment treatment,
    List<IpPrefix> allowedSources) {

  public Frontend {
    if ((kind == FrontendKind.NODE_PORT) != (address == null)) {
      throw new IllegalArgumentException("only a node port has no address: " + kind);
    }
    allowedSources = List.copyOf(allowedSources);
  }
}
