package kubeproxy.iptables.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.model.IpFamily;

/// Tells what others change in nf_tables from what our own tools do: these are processes of their
/// own, and nothing in a notification says whose child a process is.
///
/// What is known is the generation of the rule set before and after a tool ran, which grows with
/// every transaction of anybody, and how many transactions the tool makes. What falls between and
/// has one sender is ours; if there are several, ours is the one with the right number of
/// transactions; if that is not clear, it counts as changed by others, which costs a reading back.
///
/// Any thread. Generations are compared as differences, since they begin anew after 2^32.
final class OwnChanges {
  private final Deque<Run> runs = new ArrayDeque<>();
  private int seen;

  /// A transaction.
  ///
  /// @param generation of the rule set after it
  /// @param sender port id of the socket it came from
  /// @param families those in which it changes something that is ours
  record Transaction(int generation, int sender, Set<IpFamily> families) {}

  /// One run of a tool.
  private static final class Run {
    private final int from;
    private final List<Transaction> during = new ArrayList<>();
    private boolean ended;
    private int to;
    private int transactions;

    Run(int from) {
      this.from = from;
    }

    boolean isPast(int generation) {
      return ended && generation - to > 0;
    }

    boolean mayInclude(int generation) {
      return generation - from > 0 && !isPast(generation);
    }
  }

  /// A tool of ours is about to run.
  ///
  /// @param generation the present one
  synchronized void begin(int generation) {
    runs.add(new Run(generation));
  }

  /// It has ended.
  ///
  /// @param generation the present one
  /// @param transactions how many it made; negative if that is not known
  /// @return the families in which others have changed something, as is known by now
  synchronized Set<IpFamily> end(int generation, int transactions) {
    Run run = runs.getLast();
    run.ended = true;
    run.to = generation;
    run.transactions = transactions;
    Set<IpFamily> changed = EnumSet.noneOf(IpFamily.class);
    for (Transaction later : run.during) {
      if (run.isPast(later.generation())) {
        changed.addAll(later.families());
      }
    }
    run.during.removeIf(each -> run.isPast(each.generation()));
    boolean allSeen = generation == run.from || seen - generation >= 0;
    if (runs.getFirst() == run && allSeen) {
      changed.addAll(byOthers(runs.removeFirst()));
    }
    return changed;
  }

  /// A transaction was notified; in their order.
  ///
  /// @return the families in which others have changed something, as is known by now
  synchronized Set<IpFamily> note(Transaction transaction) {
    int generation = transaction.generation();
    seen = generation;
    Set<IpFamily> changed = EnumSet.noneOf(IpFamily.class);
    while (!runs.isEmpty() && runs.getFirst().isPast(generation)) {
      changed.addAll(byOthers(runs.removeFirst()));
    }
    Run run = runs.peekFirst();
    if (run == null || !run.mayInclude(generation)) {
      changed.addAll(transaction.families());
      return changed;
    }
    run.during.add(transaction);
    if (run.ended && run.to == generation) {
      changed.addAll(byOthers(runs.removeFirst()));
    }
    return changed;
  }

  private static Set<IpFamily> byOthers(Run run) {
    Map<Integer, List<Transaction>> bySender = new HashMap<>();
    for (Transaction each : run.during) {
      bySender.computeIfAbsent(each.sender(), _ -> new ArrayList<>()).add(each);
    }
    if (bySender.size() > 1) {
      List<Integer> candidates =
          bySender.entrySet().stream()
              .filter(sender -> sender.getValue().size() == run.transactions)
              .map(Map.Entry::getKey)
              .toList();
      if (candidates.size() == 1) {
        bySender.remove(candidates.getFirst());
      }
    } else {
      bySender.clear();
    }
    Set<IpFamily> changed = EnumSet.noneOf(IpFamily.class);
    bySender.values().stream()
        .flatMap(Collection::stream)
        .forEach(each -> changed.addAll(each.families()));
    return changed;
  }
}
