package kubeproxy.iptables.diff;

import java.util.stream.Stream;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// What packets meet before they come to chains of ours.
final class Entrances {

  private Entrances() {}

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
