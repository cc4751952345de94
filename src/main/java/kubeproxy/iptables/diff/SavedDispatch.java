package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.RuleText;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// A dispatch chain that was read back, against the rules it is to hold: in any order, but for
/// those that must be the last.
final class SavedDispatch {
  private final IpFamily family;
  private final RuleText text;
  private final String chain;

  /// Lines not yet found to be desired, and how often they are there.
  private final Map<String, Integer> left = new HashMap<>();

  private final List<Missing> missing = new ArrayList<>();
  private boolean tailRight = true;

  /// A rule that is not there.
  record Missing(@Nullable ObjectKey owner, Rule rule) {}

  SavedDispatch(IpFamily family, RuleText text, SavedChain saved) {
    this.family = family;
    this.text = text;
    this.chain = saved.name();
    saved.lines().forEach(line -> left.merge(line, 1, Integer::sum));
  }

  /// A rule that is to be there.
  void want(ObjectKey owner, Rule rule) {
    if (!takeOne(text.print(chain, rule))) {
      missing.add(new Missing(owner, rule));
    }
  }

  /// The rules that are to be the last, if there are any.
  void wantTail(SavedChain saved, List<Rule> tail) {
    List<String> lines = saved.lines();
    int first = lines.size() - tail.size();
    for (int i = 0; i < tail.size() && tailRight; i++) {
      tailRight = first >= 0 && isRule(lines.get(first + i), tail.get(i));
    }
    for (int i = 0; i < tail.size() && tailRight; i++) {
      takeOne(lines.get(first + i));
    }
  }

  private boolean isRule(String line, Rule rule) {
    return line.equals(text.print(chain, rule)) || parse(line).filter(rule::equals).isPresent();
  }

  private Optional<Rule> parse(String line) {
    return RuleParser.parse(family, line).map(RuleParser.Placed::rule);
  }

  private boolean takeOne(String line) {
    Integer count = left.get(line);
    if (count == null) {
      return false;
    }
    left.compute(line, (_, _) -> count == 1 ? null : Integer.valueOf(count - 1));
    return true;
  }

  /// Looks again at what does not read as we write it: it may be the same rule all the same.
  void matchByMeaning() {
    if (missing.isEmpty() || left.isEmpty()) {
      return;
    }
    Map<Rule, List<String>> byRule = new HashMap<>();
    left.forEach((line, count) ->
        parse(line)
            .ifPresent(rule -> {
              List<String> lines = byRule.computeIfAbsent(rule, _ -> new ArrayList<>());
              for (int i = 0; i < count; i++) {
                lines.add(line);
              }
            }));
    missing.removeIf(wanted -> {
      List<String> lines = byRule.getOrDefault(wanted.rule(), List.of());
      return !lines.isEmpty() && takeOne(lines.removeLast());
    });
  }

  /// Whether the last rules are those that are to be the last.
  boolean tailRight() {
    return tailRight;
  }

  /// The rules that are not there.
  List<Missing> missing() {
    return missing;
  }

  /// The lines that are there and should not be, each as often as it is there, sorted.
  List<String> surplus() {
    List<String> lines = new ArrayList<>();
    left.forEach((line, count) -> {
      for (int i = 0; i < count; i++) {
        lines.add(line);
      }
    });
    lines.sort(null);
    return lines;
  }
}
