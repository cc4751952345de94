package kubeproxy.iptables.diff;

import java.util.stream.Stream;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// What packets meet before they come to chains of ours.
public final class Entrances {

  private Entrances() {}

  /// Whether all entrances are as they should be: then nobody has flushed the tables.
  public static boolean areIntact(Compilers compilers, Observed observed) {
    SavedTables tables = observed.tables();
    Stream<PlacedRule> rules = Stream.concat(jumps(), compilers.node().shared().stream());
    return Layout.CANARIES.stream()
            .allMatch(canary -> tables.chain(canary.table(), canary.chain()) != null)
        && rules.allMatch(rule ->
            hold(compilers.family(), tables.chain(rule.table(), rule.chain()), rule.rule()));
  }

  /// All jumps, in the order in which they are put on top.
  static Stream<PlacedRule> jumps() {
    return Stream.concat(Layout.JUMPS.stream(), Layout.SHARED_JUMPS.stream());
  }

  /// Whether a rule is somewhere in a chain.
  static boolean hold(IpFamily family, @Nullable SavedChain chain, Rule rule) {
    return chain != null
        && chain.lines().stream()
            .anyMatch(line ->
                RuleParser.parse(family, line)
                    .filter(parsed -> parsed.rule().equals(rule))
                    .isPresent());
  }
}
