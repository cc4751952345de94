package kubeproxy.iptables.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Comments;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.iptables.program.Target;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;

/// Compiles a Service's own chains, all in table nat. Used by one thread.
public final class ChainCompiler {
  private final ChainNames names = new ChainNames();

  /// The chains of a Service. Chains come before those that lead to them.
  ///
  /// @param comments whether the rules for single endpoints say what they are; in a large cluster
  ///     that is most of the text
  /// @param to is handed every chain
  public void compile(
      PlannedService service,
      NodeSettings settings,
      boolean comments,
      Consumer<? super ChainRules> to) {
    for (PlannedPort port : service.ports()) {
      new OfPort(PortChains.of(port, names), settings, comments, to).compile();
    }
  }

  /// The chains of one port in the making.
  private final class OfPort {
    private final PortChains chains;
    private final NodeSettings settings;
    private final boolean comments;
    private final Consumer<? super ChainRules> to;
    private final Protocol protocol;

    /// All backends, sorted, and the names of their chains.
    private final List<Backend> backends;

    private final List<String> endpointChains;

    OfPort(
        PortChains chains,
        NodeSettings settings,
        boolean comments,
        Consumer<? super ChainRules> to) {
      this.chains = chains;
      this.settings = settings;
      this.comments = comments;
      this.to = to;
      this.protocol = chains.port().name().protocol();
      this.backends = chains.backends();
      this.endpointChains = new ArrayList<>(backends.size());
      for (Backend backend : backends) {
        endpointChains.add(names.endpoint(chains.name(), protocol.lowerCase(), backend.toString()));
      }
    }

    void compile() {
      for (int i = 0; i < backends.size(); i++) {
        endpoint(backends.get(i), endpointChains.get(i));
      }
      if (!chains.cluster().isEmpty()) {
        pool(chains.clusterChain(), chains.cluster(), !chains.port().internalLocal());
      }
      if (!chains.local().isEmpty()) {
        pool(chains.localChain(), chains.local(), chains.port().internalLocal());
      }
      Treatment external = chains.external();
      if (external != null) {
        external(external);
      }
      Frontend restricted = chains.restricted();
      if (restricted != null) {
        firewall(restricted.allowedSources());
      }
    }

    private void chain(String name, List<Rule> rules) {
      to.accept(new ChainRules(Table.NAT, name, rules));
    }

    private List<String> endpointChains(Pool pool) {
      if (pool.backends().equals(backends)) {
        return endpointChains;
      }
      return pool.backends().stream()
          .map(backend -> endpointChains.get(Collections.binarySearch(backends, backend)))
          .toList();
    }

    private Rule.Builder commented(String text) {
      return comments ? Rule.builder().comment(Comments.of(text)) : Rule.builder();
    }

    private void endpoint(Backend backend, String name) {
      Rule hairpin =
          commented(chains.name())
              .from(IpPrefix.ofSingle(backend.address()))
              .jump(Chains.MARK_MASQ);
      Rule.Builder translated = commented(chains.name());
      if (chains.port().affinityTimeoutSeconds() > 0) {
        translated.match(new Match.PutOnList(name));
      }
      translated.transport(protocol, 0);
      chain(name, List.of(hairpin, translated.then(new Target.Translate(backend))));
    }

    /// @param internal whether traffic to the cluster IP passes here
    private void pool(String name, Pool pool, boolean internal) {
      int size = pool.size();
      List<Rule> rules = new ArrayList<>(2 * size + 1);
      if (internal) {
        addInternalMasquerade(rules);
      }
      List<String> endpoints = endpointChains(pool);
      int seconds = chains.port().affinityTimeoutSeconds();
      if (seconds > 0) {
        for (int i = 0; i < size; i++) {
          rules.add(
              toEndpoint(pool.backends().get(i))
                  .match(new Match.OnList(endpoints.get(i), seconds))
                  .jump(endpoints.get(i)));
        }
      }
      for (int i = 0; i < size; i++) {
        Rule.Builder rule = toEndpoint(pool.backends().get(i));
        if (i < size - 1) {
          rule.match(new Match.OneIn(size - i));
        }
        rules.add(rule.jump(endpoints.get(i)));
      }
      chain(name, rules);
    }

    private Rule.Builder toEndpoint(Backend backend) {
      return comments ? commented(chains.name() + " -> " + backend) : Rule.builder();
    }

    /// Traffic to the cluster IP from outside of the cluster, whose replies would otherwise not
    /// come back through this node.
    private void addInternalMasquerade(List<Rule> rules) {
      for (Frontend frontend : chains.port().frontends()) {
        IpAddress address = frontend.address();
        if (frontend.kind() == FrontendKind.CLUSTER_IP && address != null) {
          Rule.Builder rule =
              Rule.builder()
                  .to(IpPrefix.ofSingle(address))
                  .comment(Comments.of(chains.name() + " cluster IP"))
                  .transport(protocol, frontend.port());
          if (settings.masqueradeAll() || rule.fromPods(settings.localSource(), true)) {
            rules.add(rule.jump(Chains.MARK_MASQ));
          }
        }
      }
    }

    private void external(Treatment treatment) {
      List<Rule> rules = new ArrayList<>(4);
      switch (treatment) {
        case Treatment.ExternalCluster(_) -> {
          rules.add(external("masquerade traffic for ").jump(Chains.MARK_MASQ));
          rules.add(Rule.builder().jump(chains.clusterChain()));
        }
        case Treatment.ExternalLocal(Pool local, _) -> {
          Rule.Builder pods = external("pod traffic for ");
          if (pods.fromPods(settings.localSource(), false)) {
            rules.add(pods.jump(chains.clusterChain()));
          }
          Match own = new Match.LocalAddress(false);
          rules.add(external("masquerade LOCAL traffic for ").match(own).jump(Chains.MARK_MASQ));
          rules.add(external("route LOCAL traffic for ").match(own).jump(chains.clusterChain()));
          if (!local.isEmpty()) {
            rules.add(Rule.builder().jump(chains.localChain()));
          }
        }
        case Treatment.Reject _, Treatment.Drop _, Treatment.Internal _ ->
            throw new IllegalArgumentException("not of external traffic: " + treatment);
      }
      chain(chains.externalChain(), rules);
    }

    private Rule.Builder external(String what) {
      return Rule.builder().comment(Comments.of(what + chains.name() + " external destinations"));
    }

    private void firewall(List<IpPrefix> allowed) {
      List<Rule> rules = new ArrayList<>(allowed.size() + 1);
      for (IpPrefix source : allowed) {
        rules.add(
            Rule.builder()
                .from(source)
                .comment(Comments.of(chains.name() + " loadbalancer IP"))
                .jump(chains.externalChain()));
      }
      String rest = "other traffic to " + chains.name() + " will be dropped by KUBE-PROXY-FIREWALL";
      rules.add(Rule.builder().comment(Comments.of(rest)).then(new Target.None()));
      chain(chains.firewallChain(), rules);
    }
  }
}
