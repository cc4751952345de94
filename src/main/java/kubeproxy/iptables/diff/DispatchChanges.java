package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kubeproxy.iptables.compile.Layout.Place;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.model.ObjectKey;

/// What changes in the dispatch chains, collected over all Services.
final class DispatchChanges {
  private final Map<Place, List<Change>> removals = new HashMap<>();
  private final Map<Place, List<Change>> additions = new HashMap<>();

  /// A rule that comes or goes.
  record Change(ObjectKey owner, Rule rule) {}

  /// Notes the difference between the rules of a Service before and after.
  void add(ObjectKey owner, List<PlacedRule> before, List<PlacedRule> after) {
    if (before.equals(after)) {
      return;
    }
    Map<PlacedRule, Integer> left = new HashMap<>();
    before.forEach(rule -> left.merge(rule, 1, Integer::sum));
    for (PlacedRule rule : after) {
      if (!takeOne(left, rule)) {
        note(additions, owner, rule);
      }
    }
    for (PlacedRule rule : before) {
      if (takeOne(left, rule)) {
        note(removals, owner, rule);
      }
    }
  }

  private static boolean takeOne(Map<PlacedRule, Integer> left, PlacedRule rule) {
    Integer count = left.get(rule);
    if (count == null) {
      return false;
    }
    left.compute(rule, (_, _) -> count == 1 ? null : Integer.valueOf(count - 1));
    return true;
  }

  private static void note(Map<Place, List<Change>> to, ObjectKey owner, PlacedRule rule) {
    Place place = new Place(rule.table(), rule.chain());
    to.computeIfAbsent(place, _ -> new ArrayList<>()).add(new Change(owner, rule.rule()));
  }

  /// The rules that go from a chain.
  List<Change> removals(Place place) {
    return removals.getOrDefault(place, List.of());
  }

  /// The rules that come into a chain.
  List<Change> additions(Place place) {
    return additions.getOrDefault(place, List.of());
  }
}
