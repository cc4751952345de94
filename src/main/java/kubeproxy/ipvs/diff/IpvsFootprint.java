package kubeproxy.ipvs.diff;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.compile.Layout.Place;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.ipvs.compile.RuleCompiler;
import kubeproxy.ipvs.program.IpvsChains;

/// What the mode leaves in the tables, ours or upstream's.
public final class IpvsFootprint {
  private static final List<Place> OURS =
      List.of(
          new Place(Table.MANGLE, Chains.PROXY_FIREWALL),
          new Place(Table.MANGLE, IpvsChains.SOURCE_RANGES),
          new Place(Table.MANGLE, IpvsChains.NO_LOCAL),
          new Place(Table.FILTER, Chains.FORWARD),
          new Place(Table.FILTER, IpvsChains.NODE_PORT),
          new Place(Table.FILTER, IpvsChains.FILTER),
          new Place(Table.FILTER, IpvsChains.OUT_FILTER),
          new Place(Table.NAT, Chains.SERVICES),
          new Place(Table.NAT, IpvsChains.LOAD_BALANCER),
          new Place(Table.NAT, IpvsChains.NODE_PORT),
          new Place(Table.NAT, Chains.MARK_MASQ),
          new Place(Table.NAT, Chains.POSTROUTING));

  /// Upstream keeps the firewall in table filter, and in old versions (1.20) in table nat, where
  /// the kubelet has no chain of that name.
  private static final List<Place> UPSTREAMS =
      List.of(
          new Place(Table.FILTER, Chains.PROXY_FIREWALL),
          new Place(Table.FILTER, IpvsChains.SOURCE_RANGES),
          new Place(Table.NAT, Chains.FIREWALL));

  private static final List<PlacedRule> UPSTREAM_JUMPS =
      List.of(
          upstreamJump("INPUT", Chains.PROXY_FIREWALL, "kube-proxy firewall rules"),
          upstreamJump("FORWARD", Chains.PROXY_FIREWALL, "kube-proxy firewall rules"));

  private IpvsFootprint() {}

  private static PlacedRule upstreamJump(String from, String to, String comment) {
    return new PlacedRule(Table.FILTER, from, Rule.builder().comment(comment).jump(to));
  }

  /// What our own rules are made of.
  public static Footprint ours() {
    Set<Place> chains = new HashSet<>(Layout.CANARIES);
    chains.addAll(OURS);
    return new Footprint(chains, false, RuleCompiler.jumps());
  }

  /// All of it.
  public static Footprint all() {
    return ours().and(new Footprint(Set.copyOf(UPSTREAMS), false, UPSTREAM_JUMPS));
  }
}
