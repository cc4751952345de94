package kubeproxy.ipvs.diff;

import java.util.List;
import java.util.Set;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.ipvs.program.SetEntry.Element;
import kubeproxy.model.IpPrefix;

/// Tells virtual servers that a proxy made from those of others. The kernel keeps no mark of who
/// made one, so there is an ipset of those that this program made: an entry is added before its
/// virtual server is made, and removed after that is gone.
///
/// Upstream's have no such set. They are on an address of the interface that only proxies use, or
/// on an address of the node at a port that is in a proxy's set of node ports, and all their real
/// servers are reached by masquerading, because a proxy makes no others.
///
/// @param excluded blocks in which nothing is removed: `--ipvs-exclude-cidrs`
public record Ownership(List<IpPrefix> excluded) {

  /// The sets that are looked into.
  public static final Set<IpSet> EVIDENCE =
      Set.of(IpSet.SERVERS, IpSet.NODE_PORT_TCP, IpSet.NODE_PORT_UDP, IpSet.NODE_PORT_SCTP);

  public Ownership {
    excluded = List.copyOf(excluded);
  }

  /// Whether a virtual server may be removed if no Service wants it.
  public boolean isProxys(Observed.Server server, Observed observed) {
    ServerKey key = server.key();
    return excluded.stream().noneMatch(cidr -> cidr.contains(key.address()))
        && (observed.entries().contains(Draft.mark(key)) || isUpstreams(server, observed));
  }

  private static boolean isUpstreams(Observed.Server server, Observed observed) {
    ServerKey key = server.key();
    return server.servers().stream().allMatch(Observed.RealServer::masqueraded)
        && (observed.bound().contains(key.address()) || isNodePort(key, observed));
  }

  private static boolean isNodePort(ServerKey key, Observed observed) {
    if (!observed.ownAddresses().contains(key.address())) {
      return false;
    }
    SetEntry entry =
        switch (key.protocol()) {
          case TCP -> new SetEntry(IpSet.NODE_PORT_TCP, new Element.Port(key.port()));
          case UDP -> new SetEntry(IpSet.NODE_PORT_UDP, new Element.Port(key.port()));
          case SCTP ->
              new SetEntry(
                  IpSet.NODE_PORT_SCTP,
                  new Element.AddressPort(key.address(), key.protocol(), key.port()));
        };
    return observed.entries().contains(entry);
  }
}
