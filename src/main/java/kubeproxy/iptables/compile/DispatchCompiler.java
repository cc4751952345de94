package kubeproxy.iptables.compile;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Comments;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.iptables.program.Target;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;

/// Compiles a Service's share of the dispatch chains, in which the rules of all Services stand side
/// by side: what leads from a destination to the Service's own chains, and what is refused or
/// dropped. No packet matches rules of two Services, so their order does not matter.
///
/// Used by one thread.
public final class DispatchCompiler {
  private static final IpPrefix LOOPBACK = IpPrefix.of("127.0.0.0/8");

  private final CompileOptions options;
  private final ChainNames names = new ChainNames();

  public DispatchCompiler(CompileOptions options) {
    this.options = options;
  }

  /// The rules of a Service.
  public List<PlacedRule> compile(PlannedService service) {
    List<PlacedRule> rules = new ArrayList<>();
    for (PlannedPort port : service.ports()) {
      PortChains chains = PortChains.of(port, names);
      for (Frontend frontend : port.frontends()) {
        new FrontendRules(rules, chains, frontend).add();
      }
    }
    if (service.healthCheckNodePort() != 0) {
      String name = service.ports().getFirst().name().toString();
      rules.add(
          new PlacedRule(
              Table.FILTER,
              Chains.NODE_PORTS,
              Rule.builder()
                  .comment(Comments.of(name + " health check node port"))
                  .transport(Protocol.TCP, service.healthCheckNodePort())
                  .then(new Target.Accept())));
    }
    return rules;
  }

  /// The rules of one frontend in the making.
  private final class FrontendRules {
    private final List<PlacedRule> rules;
    private final PortChains chains;
    private final Frontend frontend;

    FrontendRules(List<PlacedRule> rules, PortChains chains, Frontend frontend) {
      this.rules = rules;
      this.chains = chains;
      this.frontend = frontend;
    }

    void add() {
      switch (frontend.treatment()) {
        case Treatment.Reject() ->
            refuse(" has no endpoints", new Target.Reject(frontend.protocol() == Protocol.TCP));
        case Treatment.Drop() -> refuse(" has no local endpoints", new Target.Drop());
        case Treatment.Internal(_) -> lead(chains.internalChain());
        case Treatment.ExternalCluster(_) -> lead(chains.externalChain());
        case Treatment.ExternalLocal(Pool local, _) -> {
          lead(chains.externalChain());
          if (local.isEmpty()) {
            // what is not short-circuited by the external chain, as it was not translated there
            refuse(" has no local endpoints", new Target.Drop());
          }
        }
      }
    }

    private void refuse(String reason, Target verdict) {
      Rule.Builder rule = Rule.builder().comment(Comments.of(chains.name() + reason));
      IpAddress address = frontend.address();
      if (address == null) {
        rule.match(new Match.LocalAddress(true));
      } else {
        rule.to(IpPrefix.ofSingle(address));
      }
      rule.transport(frontend.protocol(), frontend.port());
      String chain =
          switch (frontend.kind()) {
            case CLUSTER_IP -> Chains.SERVICES;
            case LOAD_BALANCER, EXTERNAL_IP, NODE_PORT -> Chains.EXTERNAL_SERVICES;
          };
      rules.add(new PlacedRule(Table.FILTER, chain, rule.then(verdict)));
    }

    private void lead(String chain) {
      switch (frontend.kind()) {
        case CLUSTER_IP -> toAddress(" cluster IP", chain);
        case EXTERNAL_IP -> toAddress(" external IP", chain);
        case LOAD_BALANCER -> {
          toAddress(
              " loadbalancer IP", chains.restricted() == null ? chain : chains.firewallChain());
          if (chains.restricted() != null) {
            dropNotAccepted();
          }
        }
        case NODE_PORT -> toNodePort(chain);
      }
    }

    private void toAddress(String what, String chain) {
      Rule rule = addressed(chains.name() + what).jump(chain);
      rules.add(new PlacedRule(Table.NAT, Chains.SERVICES, rule));
    }

    private Rule.Builder addressed(String comment) {
      IpAddress address = frontend.address();
      if (address == null) {
        throw new IllegalArgumentException("no address: " + frontend);
      }
      return Rule.builder()
          .to(IpPrefix.ofSingle(address))
          .comment(Comments.of(comment))
          .transport(frontend.protocol(), frontend.port());
    }

    private void dropNotAccepted() {
      Rule rule =
          addressed(chains.name() + " traffic not accepted by " + chains.firewallChain())
              .then(new Target.Drop());
      rules.add(new PlacedRule(Table.FILTER, Chains.PROXY_FIREWALL, rule));
    }

    private void toNodePort(String chain) {
      String comment = Comments.of(chains.name());
      if (options.localhostNodePorts() && options.countLocalhost()) {
        Rule counted =
            Rule.builder()
                .to(LOOPBACK)
                .comment(comment)
                .transport(frontend.protocol(), frontend.port())
                .match(new Match.Counted(CompileOptions.LOCALHOST_COUNTER))
                .jump(chain);
        rules.add(new PlacedRule(Table.NAT, Chains.NODE_PORTS, counted));
      }
      Rule rule =
          Rule.builder()
              .comment(comment)
              .transport(frontend.protocol(), frontend.port())
              .jump(chain);
      rules.add(new PlacedRule(Table.NAT, Chains.NODE_PORTS, rule));
    }
  }
}
