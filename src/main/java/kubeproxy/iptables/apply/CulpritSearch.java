package kubeproxy.iptables.apply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.Refusal;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;

/// Finds out whose change is refused where the tool does not say it: the legacy variant hands a
/// whole table to the kernel, which refuses it without a reason. Changes are tried in ever smaller
/// groups; what can be carried out is, meanwhile.
final class CulpritSearch {
  /// Enough to find one among a hundred thousand, and a few more if there are several.
  private static final int MOST_TRIALS = 40;

  private final Trial trial;

  /// An attempt to carry out a plan.
  @FunctionalInterface
  interface Trial {

    /// Whether everything but these Services can be carried out.
    boolean succeeds(NodePlan plan, Set<ObjectKey> setAside);
  }

  CulpritSearch(Trial trial) {
    this.trial = trial;
  }

  /// Who is refused.
  ///
  /// @param suspects whose changes there are, sorted
  /// @param whole what was refused
  /// @return `whole` alone if it is nobody's change, or could not be found out
  List<Refusal> find(
      NodePlan plan, Set<ObjectKey> setAside, List<ObjectKey> suspects, Refusal whole) {
    Search search = new Search(plan, setAside, suspects);
    if (!suspects.isEmpty() && search.succeedsWith(List.of())) {
      search.look(suspects);
    }
    List<Refusal> refusals = new ArrayList<>();
    search.guilty.forEach(service ->
        refusals.add(new Refusal(service, whole.operation(), whole.error(), whole.detail())));
    return refusals.isEmpty() ? List.of(whole) : refusals;
  }

  private final class Search {
    private final NodePlan plan;
    private final Set<ObjectKey> setAside;
    private final List<ObjectKey> suspects;
    private final Set<ObjectKey> cleared = new HashSet<>();
    private final List<ObjectKey> guilty = new ArrayList<>();
    private int trials;

    Search(NodePlan plan, Set<ObjectKey> setAside, List<ObjectKey> suspects) {
      this.plan = plan;
      this.setAside = setAside;
      this.suspects = suspects;
    }

    /// Whether it works with these suspects and those cleared so far.
    boolean succeedsWith(List<ObjectKey> group) {
      Set<ObjectKey> aside = new HashSet<>(suspects);
      aside.removeAll(cleared);
      group.forEach(aside::remove);
      aside.addAll(setAside);
      trials++;
      return trial.succeeds(plan, aside);
    }

    void look(List<ObjectKey> group) {
      if (trials >= MOST_TRIALS) {
        return;
      }
      if (succeedsWith(group)) {
        cleared.addAll(group);
      } else if (group.size() == 1) {
        guilty.addAll(group);
      } else {
        look(group.subList(0, group.size() / 2));
        look(group.subList(group.size() / 2, group.size()));
      }
    }
  }
}
