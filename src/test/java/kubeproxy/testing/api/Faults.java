package kubeproxy.testing.api;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which requests meet which fault. Thread-safe; nothing goes wrong unless asked for.
public final class Faults {
  private final List<Rule> rules = new ArrayList<>();
  private Function<ApiCall, Optional<Fault>> others = _ -> Optional.empty();
  private long met;

  private static final class Rule {
    final Predicate<ApiCall> calls;
    final Fault fault;
    int left;

    Rule(Predicate<ApiCall> calls, Fault fault, int left) {
      this.calls = calls;
      this.fault = fault;
      this.left = left;
    }
  }

  /// The next so many requests that are meant meet a fault.
  public synchronized void next(int times, Predicate<ApiCall> calls, Fault fault) {
    rules.add(new Rule(calls, fault, times));
  }

  /// The next request that is meant meets a fault.
  public void next(Predicate<ApiCall> calls, Fault fault) {
    next(1, calls, fault);
  }

  /// All requests that are meant meet a fault, until [#clear()].
  public void always(Predicate<ApiCall> calls, Fault fault) {
    next(Integer.MAX_VALUE, calls, fault);
  }

  /// Decides about all requests that no rule is about.
  public synchronized void decide(Function<ApiCall, Optional<Fault>> decision) {
    others = decision;
  }

  /// Nothing goes wrong any more.
  public synchronized void clear() {
    rules.clear();
    others = _ -> Optional.empty();
  }

  /// How many requests met a fault.
  public synchronized long met() {
    return met;
  }

  synchronized Optional<Fault> of(ApiCall call) {
    Optional<Fault> fault = ruled(call).or(() -> others.apply(call));
    met += fault.isPresent() ? 1 : 0;
    return fault;
  }

  private Optional<Fault> ruled(ApiCall call) {
    for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
      Rule rule = each.next();
      if (rule.calls.test(call)) {
        rule.left--;
        if (rule.left == 0) {
          each.remove();
        }
        return Optional.of(rule.fault);
      }
    }
    return Optional.empty();
  }
}
