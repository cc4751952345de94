package kubeproxy.iptables.compile;

import java.util.List;
import java.util.Set;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;

/// Which chains there are and from where packets come into them, whatever the plan.
public final class Layout {

  /// A chain of ours that holds rules of all Services, or none.
  public record Place(Table table, String chain) {}

  /// The chains in which rules of Services stand side by side.
  public static final List<Place> DISPATCH =
      List.of(
          new Place(Table.FILTER, Chains.SERVICES),
          new Place(Table.FILTER, Chains.EXTERNAL_SERVICES),
          new Place(Table.FILTER, Chains.NODE_PORTS),
          new Place(Table.FILTER, Chains.PROXY_FIREWALL),
          new Place(Table.NAT, Chains.NODE_PORTS),
          new Place(Table.NAT, Chains.SERVICES));

  /// The empty chains whose absence tells that a table was flushed.
  public static final List<Place> CANARIES =
      List.of(
          new Place(Table.MANGLE, Chains.CANARY),
          new Place(Table.FILTER, Chains.CANARY),
          new Place(Table.NAT, Chains.CANARY));

  /// Chains that the kubelet may have made before us, and keeps when we go.
  public static final List<Place> SHARED = List.of(new Place(Table.FILTER, Chains.FIREWALL));

  /// The jumps into our chains from those of the tables, in the order in which they are put on top.
  public static final List<PlacedRule> JUMPS =
      List.of(
          jump("INPUT", Chains.EXTERNAL_SERVICES, true, "externally-visible service portals"),
          jump("FORWARD", Chains.EXTERNAL_SERVICES, true, "externally-visible service portals"),
          jump("INPUT", Chains.NODE_PORTS, false, "health check service ports"),
          jump("FORWARD", Chains.SERVICES, true, "service portals"),
          jump("OUTPUT", Chains.SERVICES, true, "service portals"),
          jump("FORWARD", Chains.FORWARD, false, "forwarding rules"),
          jump("INPUT", Chains.PROXY_FIREWALL, true, "load balancer firewall"),
          jump("OUTPUT", Chains.PROXY_FIREWALL, true, "load balancer firewall"),
          jump("FORWARD", Chains.PROXY_FIREWALL, true, "load balancer firewall"),
          nat("OUTPUT", Chains.SERVICES, "service portals"),
          nat("PREROUTING", Chains.SERVICES, "service portals"),
          nat("POSTROUTING", Chains.POSTROUTING, "postrouting rules"));

  /// The jumps into [#SHARED], which stay when we go.
  public static final List<PlacedRule> SHARED_JUMPS =
      List.of(
          new PlacedRule(Table.FILTER, "INPUT", Rule.builder().jump(Chains.FIREWALL)),
          new PlacedRule(Table.FILTER, "OUTPUT", Rule.builder().jump(Chains.FIREWALL)));

  /// The chains with fixed names that are of a proxy alone.
  public static final Set<Place> CHAINS =
      Set.of(
          new Place(Table.MANGLE, Chains.CANARY),
          new Place(Table.FILTER, Chains.SERVICES),
          new Place(Table.FILTER, Chains.EXTERNAL_SERVICES),
          new Place(Table.FILTER, Chains.FORWARD),
          new Place(Table.FILTER, Chains.NODE_PORTS),
          new Place(Table.FILTER, Chains.PROXY_FIREWALL),
          new Place(Table.FILTER, Chains.CANARY),
          new Place(Table.NAT, Chains.SERVICES),
          new Place(Table.NAT, Chains.NODE_PORTS),
          new Place(Table.NAT, Chains.POSTROUTING),
          new Place(Table.NAT, Chains.MARK_MASQ),
          new Place(Table.NAT, Chains.CANARY));

  private Layout() {}

  /// Whether a chain is of a proxy alone, so that nobody else has rules in it.
  public static boolean isOurs(Table table, String chain) {
    return CHAINS.contains(new Place(table, chain))
        || (table == Table.NAT && ChainNames.isOfService(chain));
  }

  /// Whether a chain holds rules of ours among those of others: one of the table's own, or one that
  /// is shared.
  public static boolean isShared(Table table, String chain) {
    return SHARED.contains(new Place(table, chain))
        || JUMPS.stream().anyMatch(jump -> jump.table() == table && jump.chain().equals(chain));
  }

  private static PlacedRule jump(String from, String to, boolean onlyNew, String comment) {
    Rule.Builder rule = Rule.builder();
    if (onlyNew) {
      rule.match(new Match.ConnectionState(false, "NEW"));
    }
    return new PlacedRule(Table.FILTER, from, rule.comment("kubernetes " + comment).jump(to));
  }

  private static PlacedRule nat(String from, String to, String comment) {
    Rule rule = Rule.builder().comment("kubernetes " + comment).jump(to);
    return new PlacedRule(Table.NAT, from, rule);
  }
}
