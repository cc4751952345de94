package kubeproxy.logging;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Verbosity by source file. Safe for any thread.
///
/// Asking costs a walk up the stack, and the first time for a class also the patterns.
final class VmoduleFilter {
  private final List<Rule> rules;
  private final int highestLevel;

  /// By class; at most as many as the program has.
  private final Map<String, Integer> known = new ConcurrentHashMap<>();

  /// @param slashes how many folders in front of the file the pattern is about
  private record Rule(Pattern pattern, int slashes, int level) {}

  VmoduleFilter(List<VmodulePattern> patterns) {
    this.rules =
        patterns.stream().filter(each -> each.level() > 0).map(VmoduleFilter::rule).toList();
    this.highestLevel = rules.stream().mapToInt(Rule::level).max().orElse(0);
  }

  /// Whether whoever calls the logger now gets lines of `level` written. False, and cheap, if no
  /// pattern goes that high.
  boolean allows(int level) {
    return level <= highestLevel && level <= levelOf(CallSite.classHere());
  }

  private int levelOf(String className) {
    @Nullable Integer level = known.get(className);
    if (level != null) {
      return level;
    }
    // Not by computeIfAbsent, which would be in the way on the stack.
    int found = lookUp(CallSite.here().path());
    known.put(className, found);
    return found;
  }

  private int lookUp(String path) {
    for (Rule rule : rules) {
      if (rule.pattern().matcher(tail(path, rule.slashes())).matches()) {
        return rule.level();
      }
    }
    return 0;
  }

  /// The name and as many folders as there are, but not more than `slashes`.
  private static String tail(String path, int slashes) {
    int from = path.length();
    for (int i = 0; i <= slashes && from >= 0; i++) {
      from = path.lastIndexOf('/', from - 1);
    }
    return path.substring(from + 1);
  }

  private static Rule rule(VmodulePattern each) {
    int slashes = (int) each.pattern().chars().filter(c -> c == '/').count();
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression(each.pattern()));
    } catch (PatternSyntaxException _) {
      // As in Go, where matching fails with an error that nobody looks at.
      pattern = Pattern.compile("(?!)");
    }
    return new Rule(pattern, slashes, each.level());
  }

  /// The pattern of Go's `filepath.Match` as a regular expression.
  private static String expression(String glob) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> expression.append("[^/]*");
        case '?' -> expression.append("[^/]");
        case '[', ']', '-', '^', '\\' -> expression.append(c);
        default -> expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }
}
