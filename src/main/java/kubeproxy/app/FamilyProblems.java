package kubeproxy.app;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.engine.SyncEvent;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;

/// Tells each problem once: most are in the plans of both families. Used by the sync thread.
final class FamilyProblems {
  private final Map<Problem, Set<IpFamily>> known = new HashMap<>();

  /// What is different for people.
  ///
  /// @param appeared in no family before
  /// @param cleared gone from the last family that had them
  record Changes(List<Problem> appeared, List<Problem> cleared) {}

  /// Follows one family.
  Changes follow(SyncEvent.ProblemsChanged event) {
    List<Problem> appeared = new ArrayList<>();
    for (Problem problem : event.appeared()) {
      if (!known.containsKey(problem)) {
        appeared.add(problem);
      }
      known.computeIfAbsent(problem, _ -> EnumSet.noneOf(IpFamily.class)).add(event.family());
    }
    List<Problem> cleared = new ArrayList<>();
    for (Problem problem : event.cleared()) {
      Set<IpFamily> families = known.get(problem);
      if (families != null && families.remove(event.family()) && families.isEmpty()) {
        known.remove(problem);
        cleared.add(problem);
      }
    }
    return new Changes(appeared, cleared);
  }
}
