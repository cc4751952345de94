package kubeproxy.iptables.diff;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.compile.Layout.Place;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;

/// What a mode may leave in the tables of a family, whoever carried it out. Some names belong to
/// several modes.
///
/// @param chains those with fixed names
/// @param serviceChains whether chains of Services and endpoints are among it
/// @param jumps into the chains from those of the tables
public record Footprint(Set<Place> chains, boolean serviceChains, List<PlacedRule> jumps) {

  /// The `iptables` mode. kube-proxy up to 1.19 jumped to its cluster IPs from INPUT as well, and
  /// its followers left that.
  public static final Footprint IPTABLES =
      new Footprint(
          Layout.CHAINS,
          true,
          Stream.concat(
                  Layout.JUMPS.stream(),
                  Stream.of(
                      new PlacedRule(
                          Table.FILTER,
                          "INPUT",
                          Rule.builder()
                              .match(new Match.ConnectionState(false, "NEW"))
                              .comment("kubernetes service portals")
                              .jump(Chains.SERVICES))))
              .toList());

  /// The `userspace` mode of kube-proxy up to 1.25. Its rules lead to ports of a process that is
  /// gone.
  public static final Footprint PORTALS =
      new Footprint(
          Set.of(
              new Place(Table.NAT, "KUBE-PORTALS-CONTAINER"),
              new Place(Table.NAT, "KUBE-PORTALS-HOST"),
              new Place(Table.NAT, "KUBE-NODEPORT-CONTAINER"),
              new Place(Table.NAT, "KUBE-NODEPORT-HOST"),
              new Place(Table.FILTER, "KUBE-NODEPORT-NON-LOCAL")),
          false,
          List.of(
              clusterIps("PREROUTING", "KUBE-PORTALS-CONTAINER"),
              clusterIps("OUTPUT", "KUBE-PORTALS-HOST"),
              nodePorts("PREROUTING", "KUBE-NODEPORT-CONTAINER"),
              nodePorts("OUTPUT", "KUBE-NODEPORT-HOST"),
              new PlacedRule(
                  Table.FILTER,
                  "INPUT",
                  Rule.builder()
                      .comment("Ensure that non-local NodePort traffic can flow")
                      .jump("KUBE-NODEPORT-NON-LOCAL"))));

  public Footprint {
    chains = Set.copyOf(chains);
    jumps = List.copyOf(jumps);
  }

  private static PlacedRule clusterIps(String from, String to) {
    String comment = "handle ClusterIPs; NOTE: this must be before the NodePort rules";
    return new PlacedRule(Table.NAT, from, Rule.builder().comment(comment).jump(to));
  }

  private static PlacedRule nodePorts(String from, String to) {
    String comment = "handle service NodePorts; NOTE: this must be the last rule in the chain";
    Rule rule = Rule.builder().match(new Match.LocalAddress(true)).comment(comment).jump(to);
    return new PlacedRule(Table.NAT, from, rule);
  }

  /// What either of two modes leaves.
  public Footprint and(Footprint other) {
    Set<Place> allChains = new HashSet<>(chains);
    allChains.addAll(other.chains);
    Set<PlacedRule> allJumps = new LinkedHashSet<>(jumps);
    allJumps.addAll(other.jumps);
    return new Footprint(allChains, serviceChains || other.serviceChains, List.copyOf(allJumps));
  }

  /// What the other mode does not leave as well: all that may be removed while that one is in use.
  public Footprint butNotOf(Footprint other) {
    Set<Place> ownChains = new HashSet<>(chains);
    ownChains.removeAll(other.chains);
    List<PlacedRule> ownJumps = jumps.stream().filter(jump -> !other.jumps.contains(jump)).toList();
    return new Footprint(ownChains, serviceChains && !other.serviceChains, ownJumps);
  }

  boolean covers(Table table, String chain) {
    return chains.contains(new Place(table, chain))
        || (serviceChains && table == Table.NAT && ChainNames.isOfService(chain));
  }
}
