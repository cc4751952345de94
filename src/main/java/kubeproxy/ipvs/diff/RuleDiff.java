package kubeproxy.ipvs.diff;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.diff.RestoreWriter;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.iptables.program.Table;
import kubeproxy.ipvs.compile.RuleCompiler;
import kubeproxy.model.IpFamily;

/// Finds what has to be written so that all chains hold their rules and packets come into them.
/// Chains that are right are not written, whoever wrote them.
public final class RuleDiff {
  private final IpFamily family;
  private final SavedTables saved;

  private RuleDiff(IpFamily family, SavedTables saved) {
    this.family = family;
    this.saved = saved;
  }

  /// The input, empty if all is right.
  ///
  /// @param chains all there are to be, each with all its rules
  public static RestoreInput between(IpFamily family, SavedTables saved, List<ChainRules> chains) {
    return new RuleDiff(family, saved).write(chains);
  }

  private RestoreInput write(List<ChainRules> chains) {
    RestoreWriter writer = new RestoreWriter(family, Integer.MAX_VALUE);
    for (Table table : Table.values()) {
      for (Layout.Place canary : Layout.CANARIES) {
        if (canary.table() == table && saved.chain(table, canary.chain()) == null) {
          writer.declare(table, canary.chain());
        }
      }
      List<ChainRules> wrong =
          chains.stream().filter(chain -> chain.table() == table && !isThere(chain)).toList();
      // all of them first: they jump to each other
      wrong.forEach(chain -> writer.declare(table, chain.chain()));
      for (ChainRules chain : wrong) {
        chain.rules().forEach(rule -> writer.append(table, chain.chain(), rule));
      }
      for (PlacedRule jump : RuleCompiler.jumps()) {
        if (jump.table() == table && !holds(jump)) {
          writer.insert(table, jump.chain(), jump.rule());
        }
      }
    }
    return writer.finish();
  }

  private boolean isThere(ChainRules chain) {
    SavedChain there = saved.chain(chain.table(), chain.chain());
    return there != null
        && rules(there)
            .map(rule -> rule.map(Rule::withoutComments))
            .toList()
            .equals(
                chain.rules().stream().map(rule -> Optional.of(rule.withoutComments())).toList());
  }

  private boolean holds(PlacedRule jump) {
    SavedChain from = saved.chain(jump.table(), jump.chain());
    return from != null && rules(from).anyMatch(Optional.of(jump.rule())::equals);
  }

  /// The rules of a chain; empty for those that we could not have written.
  private Stream<Optional<Rule>> rules(SavedChain chain) {
    return chain.lines().stream()
        .map(line -> RuleParser.parse(family, line).map(RuleParser.Placed::rule));
  }
}
