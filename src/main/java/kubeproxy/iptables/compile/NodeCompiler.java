package kubeproxy.iptables.compile;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.iptables.program.Target;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;

/// Compiles what belongs to the node and not to a Service.
public final class NodeCompiler {
  private static final String NODE_PORTS =
      "kubernetes service nodeports; NOTE: this must be the last rule in this chain";

  private final CompileOptions options;

  public NodeCompiler(CompileOptions options) {
    this.options = options;
  }

  /// The chains with rules of their own.
  public List<ChainRules> chains() {
    int mark = options.masqueradeMark();
    List<Rule> forward = new ArrayList<>();
    if (options.dropInvalid()) {
      Rule.Builder invalid = state(Rule.builder(), "INVALID");
      if (options.countInvalid()) {
        invalid.match(new Match.Counted(CompileOptions.INVALID_COUNTER));
      }
      forward.add(invalid.then(new Target.Drop()));
    }
    forward.add(
        Rule.builder()
            .comment("kubernetes forwarding rules")
            .match(new Match.Mark(false, mark))
            .then(new Target.Accept()));
    forward.add(
        state(Rule.builder().comment("kubernetes forwarding conntrack rule"), "RELATED,ESTABLISHED")
            .then(new Target.Accept()));
    return List.of(
        new ChainRules(Table.FILTER, Chains.FORWARD, forward),
        new ChainRules(
            Table.NAT, Chains.MARK_MASQ, List.of(Rule.builder().then(new Target.SetMark(mark)))),
        new ChainRules(
            Table.NAT,
            Chains.POSTROUTING,
            List.of(
                Rule.builder().match(new Match.Mark(true, mark)).then(new Target.Return()),
                // so that a packet that passes here again is not masqueraded again
                Rule.builder().then(new Target.FlipMark(mark)),
                Rule.builder()
                    .comment("kubernetes service traffic requiring SNAT")
                    .then(new Target.Masquerade(options.randomFully())))));
  }

  private static Rule.Builder state(Rule.Builder rule, String states) {
    return rule.match(new Match.ConnectionState(false, states));
  }

  /// The last rules of KUBE-SERVICES in table nat, after those of all Services: what goes to one of
  /// the node's own addresses may go to a node port.
  public List<Rule> tail(NodeSettings settings) {
    return switch (settings.nodePortAddresses()) {
      case NodePortAddresses.AllLocal() -> {
        Rule.Builder rule = Rule.builder();
        if (!options.localhostNodePorts()) {
          rule.to(new Rule.Block(true, loopback()));
        }
        yield List.of(
            rule.comment(NODE_PORTS).match(new Match.LocalAddress(true)).jump(Chains.NODE_PORTS));
      }
      case NodePortAddresses.Only(List<IpAddress> addresses) -> {
        List<IpAddress> all = new ArrayList<>(addresses);
        if (options.localhostNodePorts()) {
          all.addAll(settings.loopbackNodePorts());
        }
        yield all.stream()
            .map(address ->
                Rule.builder()
                    .to(IpPrefix.ofSingle(address))
                    .comment(NODE_PORTS)
                    .jump(Chains.NODE_PORTS))
            .toList();
      }
    };
  }

  private IpPrefix loopback() {
    return IpPrefix.of(options.family() == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128");
  }

  /// Rules in chains that are shared with the kubelet: they must be there, among whatever else is.
  /// With `route_localnet` set, others on the same network could reach what listens on loopback
  /// addresses (CVE-2020-8558). The kubelet has the same rule, so that it must stay the same.
  public List<PlacedRule> shared() {
    if (!options.localhostNodePorts()) {
      return List.of();
    }
    IpPrefix loopback = loopback();
    Rule martians =
        Rule.builder()
            .from(new Rule.Block(true, loopback))
            .to(loopback)
            .comment("block incoming localnet connections")
            .match(new Match.ConnectionState(true, "RELATED,ESTABLISHED,DNAT"))
            .then(new Target.Drop());
    return List.of(new PlacedRule(Table.FILTER, Chains.FIREWALL, martians));
  }
}
