package kubeproxy.ipvs.compile;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.iptables.program.Target;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.IpvsChains;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodeSettings;

/// Compiles the rules of iptables: what virtual servers cannot do. They decide about packets before
/// the virtual server translates them, by what sets hold; no Service adds a rule.
///
/// What arrives passes table mangle in `INPUT` and what the node itself sends passes it in
/// `OUTPUT`, both before translation. The kernel translates what the node sends before table filter
/// sees it in `OUTPUT`; that is why packets are dropped in table mangle.
public final class RuleCompiler {
  private static final String ADDRESS_PORT = "dst,dst";
  private static final String ADDRESS_PORT_SOURCE = "dst,dst,src";
  private static final Match NEW = new Match.ConnectionState(false, "NEW");
  private static final Match FROM_NODE = new Match.LocalAddress(false);

  private final CompileOptions options;

  public RuleCompiler(CompileOptions options) {
    this.options = options;
  }

  /// All chains, each with all its rules.
  public List<ChainRules> chains(NodeSettings settings) {
    return List.of(
        chain(Table.MANGLE, Chains.PROXY_FIREWALL, firewall()),
        chain(Table.MANGLE, IpvsChains.SOURCE_RANGES, sourceRanges()),
        chain(Table.MANGLE, IpvsChains.NO_LOCAL, noLocal(settings.localSource())),
        chain(Table.FILTER, Chains.FORWARD, forward()),
        chain(Table.FILTER, IpvsChains.NODE_PORT, healthChecks()),
        chain(Table.FILTER, IpvsChains.FILTER, hostPorts()),
        chain(Table.FILTER, IpvsChains.OUT_FILTER, unusedClusterIps(settings.serviceCidrs())),
        chain(Table.NAT, Chains.SERVICES, services(settings)),
        chain(Table.NAT, IpvsChains.LOAD_BALANCER, loadBalancers()),
        chain(Table.NAT, IpvsChains.NODE_PORT, nodePorts()),
        chain(
            Table.NAT,
            Chains.MARK_MASQ,
            List.of(Rule.builder().then(new Target.SetMark(options.masqueradeMark())))),
        chain(Table.NAT, Chains.POSTROUTING, postrouting()));
  }

  /// The jumps into them from the chains of the tables, in the order in which they are put on top.
  public static List<PlacedRule> jumps() {
    return List.of(
        jump(Table.MANGLE, "INPUT", Chains.PROXY_FIREWALL, "kube-proxy firewall rules"),
        jump(Table.MANGLE, "OUTPUT", Chains.PROXY_FIREWALL, "kube-proxy firewall rules"),
        jump(Table.FILTER, "FORWARD", Chains.FORWARD, "kubernetes forwarding rules"),
        jump(Table.FILTER, "FORWARD", IpvsChains.OUT_FILTER, "kubernetes ipvs access filter"),
        jump(Table.FILTER, "OUTPUT", IpvsChains.OUT_FILTER, "kubernetes ipvs access filter"),
        jump(Table.FILTER, "INPUT", IpvsChains.FILTER, "kubernetes ipvs access filter"),
        jump(Table.FILTER, "INPUT", IpvsChains.NODE_PORT, "kubernetes health check rules"),
        jump(Table.NAT, "OUTPUT", Chains.SERVICES, "kubernetes service portals"),
        jump(Table.NAT, "PREROUTING", Chains.SERVICES, "kubernetes service portals"),
        jump(Table.NAT, "POSTROUTING", Chains.POSTROUTING, "kubernetes postrouting rules"));
  }

  private static ChainRules chain(Table table, String name, List<Rule> rules) {
    return new ChainRules(table, name, rules);
  }

  private static PlacedRule jump(Table table, String from, String to, String comment) {
    return new PlacedRule(table, from, Rule.builder().comment(comment).jump(to));
  }

  private Rule.Builder in(IpSet set, String directions) {
    return Rule.builder().comment(set.comment()).match(match(set, directions));
  }

  private Match match(IpSet set, String directions) {
    return new Match.InSet(set.label(options.family()), directions);
  }

  private List<Rule> firewall() {
    return List.of(
        in(IpSet.LOAD_BALANCER_FW, ADDRESS_PORT).match(NEW).jump(IpvsChains.SOURCE_RANGES),
        in(IpSet.NO_LOCAL, ADDRESS_PORT).match(NEW).jump(IpvsChains.NO_LOCAL),
        in(IpSet.DROPPED, ADDRESS_PORT).match(NEW).then(new Target.Drop()));
  }

  private List<Rule> sourceRanges() {
    return List.of(
        in(IpSet.LOAD_BALANCER_SOURCE_CIDR, ADDRESS_PORT_SOURCE).then(new Target.Return()),
        in(IpSet.LOAD_BALANCER_SOURCE_IP, ADDRESS_PORT_SOURCE).then(new Target.Return()),
        Rule.builder().then(new Target.Drop()));
  }

  private static List<Rule> noLocal(LocalSource local) {
    List<Rule> rules = new ArrayList<>();
    Rule.Builder pods = Rule.builder();
    if (pods.fromPods(local, false)) {
      rules.add(pods.then(new Target.Return()));
    }
    rules.add(Rule.builder().match(FROM_NODE).then(new Target.Return()));
    rules.add(Rule.builder().then(new Target.Drop()));
    return rules;
  }

  private List<Rule> forward() {
    return List.of(
        Rule.builder()
            .comment("kubernetes forwarding rules")
            .match(new Match.Mark(false, options.masqueradeMark()))
            .then(new Target.Accept()),
        Rule.builder()
            .comment("kubernetes forwarding conntrack rule")
            .match(new Match.ConnectionState(false, "RELATED,ESTABLISHED"))
            .then(new Target.Accept()));
  }

  private List<Rule> healthChecks() {
    return List.of(in(IpSet.HEALTH_CHECK_NODE_PORT, "dst").then(new Target.Accept()));
  }

  /// What the host listens on would answer at the addresses of Services too, because they are its
  /// own. A frontend without endpoints is in none of the sets, and so is refused here.
  private List<Rule> hostPorts() {
    return List.of(
        in(IpSet.LOAD_BALANCER, ADDRESS_PORT).then(new Target.Return()),
        in(IpSet.CLUSTER_IP, ADDRESS_PORT).then(new Target.Return()),
        in(IpSet.EXTERNAL_IP, ADDRESS_PORT).then(new Target.Return()),
        in(IpSet.EXTERNAL_IP_LOCAL, ADDRESS_PORT).then(new Target.Return()),
        in(IpSet.HEALTH_CHECK_NODE_PORT, "dst").then(new Target.Return()),
        withoutEndpoints().protocol(Protocol.TCP).then(new Target.Reject(true)),
        withoutEndpoints().then(new Target.Reject(false)),
        bound().protocol(Protocol.TCP).then(new Target.Reject(true)),
        bound().then(new Target.Reject(false)));
  }

  private Rule.Builder withoutEndpoints() {
    return in(IpSet.REJECTED, ADDRESS_PORT).match(NEW);
  }

  private Rule.Builder bound() {
    return Rule.builder().match(NEW).match(match(IpSet.BOUND, "dst"));
  }

  private static List<Rule> unusedClusterIps(List<IpPrefix> serviceCidrs) {
    List<Rule> rules = new ArrayList<>();
    rules.add(Rule.builder().match(new Match.LocalAddress(true)).then(new Target.Return()));
    for (IpPrefix cidr : serviceCidrs) {
      rules.add(Rule.builder().to(cidr).then(new Target.Drop()));
    }
    return rules;
  }

  private List<Rule> services(NodeSettings settings) {
    List<Rule> rules = new ArrayList<>();
    IpPrefix loopback = IpPrefix.of(options.family() == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128");
    rules.add(Rule.builder().from(loopback).then(new Target.Return()));
    rules.add(in(IpSet.LOAD_BALANCER, ADDRESS_PORT).jump(IpvsChains.LOAD_BALANCER));
    rules.add(clusterIps(settings).jump(Chains.MARK_MASQ));
    rules.add(in(IpSet.EXTERNAL_IP, ADDRESS_PORT).jump(Chains.MARK_MASQ));
    rules.add(in(IpSet.EXTERNAL_IP_LOCAL, ADDRESS_PORT).match(FROM_NODE).jump(Chains.MARK_MASQ));
    // a node port of the same number has no say about these
    for (IpSet set :
        List.of(
            IpSet.CLUSTER_IP, IpSet.LOAD_BALANCER, IpSet.EXTERNAL_IP, IpSet.EXTERNAL_IP_LOCAL)) {
      rules.add(in(set, ADDRESS_PORT).then(new Target.Accept()));
    }
    rules.add(Rule.builder().match(new Match.LocalAddress(true)).jump(IpvsChains.NODE_PORT));
    return rules;
  }

  /// What is masqueraded of the traffic to cluster IPs. The node itself picks the cluster IP, which
  /// is one of its own addresses, as its source too.
  private Rule.Builder clusterIps(NodeSettings settings) {
    Rule.Builder all = in(IpSet.CLUSTER_IP, ADDRESS_PORT);
    return settings.masqueradeAll() || all.fromPods(settings.localSource(), true)
        ? all
        : in(IpSet.CLUSTER_IP, "src,dst");
  }

  private List<Rule> loadBalancers() {
    return List.of(
        in(IpSet.LOAD_BALANCER_LOCAL, ADDRESS_PORT).match(FROM_NODE).jump(Chains.MARK_MASQ),
        in(IpSet.LOAD_BALANCER_LOCAL, ADDRESS_PORT).then(new Target.Return()),
        Rule.builder().jump(Chains.MARK_MASQ));
  }

  private List<Rule> nodePorts() {
    List<Rule> rules = new ArrayList<>();
    nodePorts(rules, Protocol.TCP, IpSet.NODE_PORT_LOCAL_TCP, IpSet.NODE_PORT_TCP, "dst");
    nodePorts(rules, Protocol.UDP, IpSet.NODE_PORT_LOCAL_UDP, IpSet.NODE_PORT_UDP, "dst");
    nodePorts(rules, Protocol.SCTP, IpSet.NODE_PORT_LOCAL_SCTP, IpSet.NODE_PORT_SCTP, ADDRESS_PORT);
    return rules;
  }

  private void nodePorts(
      List<Rule> rules, Protocol protocol, IpSet local, IpSet all, String directions) {
    rules.add(in(local, directions).match(FROM_NODE).protocol(protocol).jump(Chains.MARK_MASQ));
    rules.add(in(local, directions).protocol(protocol).then(new Target.Return()));
    rules.add(in(all, directions).protocol(protocol).jump(Chains.MARK_MASQ));
  }

  private List<Rule> postrouting() {
    int mark = options.masqueradeMark();
    return List.of(
        in(IpSet.LOOP_BACK, ADDRESS_PORT_SOURCE).then(new Target.Masquerade(false)),
        Rule.builder().match(new Match.Mark(true, mark)).then(new Target.Return()),
        // so that a packet that passes here again is not masqueraded again
        Rule.builder().then(new Target.FlipMark(mark)),
        Rule.builder()
            .comment("kubernetes service traffic requiring SNAT")
            .then(new Target.Masquerade(true)));
  }
}
