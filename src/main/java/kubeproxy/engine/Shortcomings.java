package kubeproxy.engine;

import java.util.List;
import java.util.Set;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;

/// Tells of what a data plane cannot carry out, when that changes. Used by the sync thread.
final class Shortcomings {
  private final IpFamily family;
  private final SyncObserver observer;
  private List<Problem> known = List.of();

  Shortcomings(IpFamily family, SyncObserver observer) {
    this.family = family;
    this.observer = observer;
  }

  /// @param now all that cannot be carried out, each once, sorted
  void follow(List<Problem> now) {
    if (now.equals(known)) {
      return;
    }
    List<Problem> appeared = without(now, known);
    List<Problem> cleared = without(known, now);
    known = List.copyOf(now);
    observer.on(new SyncEvent.ProblemsChanged(family, appeared, cleared));
  }

  private static List<Problem> without(List<Problem> all, List<Problem> others) {
    Set<Problem> known = Set.copyOf(others);
    return all.stream().filter(problem -> !known.contains(problem)).toList();
  }
}
