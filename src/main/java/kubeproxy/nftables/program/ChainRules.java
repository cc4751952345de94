package kubeproxy.nftables.program;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chain and its rules.
///
/// @param hook where it is attached; null for a regular chain
public record ChainRules(String name, @Nullable Hook hook, List<Rule> rules) {

  public ChainRules {
    rules = List.copyOf(rules);
  }
}
