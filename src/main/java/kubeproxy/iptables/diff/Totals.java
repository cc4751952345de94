package kubeproxy.iptables.diff;

import java.util.List;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Table;

/// How much there is.
///
/// @param filterRules rules in table filter, without the jumps from the table's own chains
/// @param natRules rules in table nat, likewise
/// @param chains chains of Services and their endpoints
/// @param endpoints about how many of these are endpoints
public record Totals(int filterRules, int natRules, int chains, int endpoints) {

  /// Nothing.
  public static final Totals NONE = new Totals(0, 0, 0, 0);

  Totals plus(Totals other) {
    return new Totals(
        filterRules + other.filterRules,
        natRules + other.natRules,
        chains + other.chains,
        endpoints + other.endpoints);
  }

  Totals minus(Totals other) {
    return new Totals(
        filterRules - other.filterRules,
        natRules - other.natRules,
        chains - other.chains,
        endpoints - other.endpoints);
  }

  static Totals of(List<PlacedRule> dispatch, List<ChainRules> chains, int endpoints) {
    int filter = 0;
    for (PlacedRule rule : dispatch) {
      filter += rule.table() == Table.FILTER ? 1 : 0;
    }
    int nat = dispatch.size() - filter;
    for (ChainRules chain : chains) {
      nat += chain.rules().size();
    }
    return new Totals(filter, nat, chains.size(), endpoints);
  }
}
