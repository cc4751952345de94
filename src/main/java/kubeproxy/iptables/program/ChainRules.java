package kubeproxy.iptables.program;

import java.util.List;

/// A chain of ours and all its rules, in order.
public record ChainRules(Table table, String chain, List<Rule> rules) {

  public ChainRules {
    rules = List.copyOf(rules);
  }
}
