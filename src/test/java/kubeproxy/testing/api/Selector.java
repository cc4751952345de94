package kubeproxy.testing.api;

import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Label and field selectors, as far as a node proxy uses them: `!label`, `label`, `label=value`,
/// and `path=value`, `path!=value` for fields, with commas between.
record Selector(String labels, String fields) implements Predicate<Map<String, @Nullable Object>> {

  @Override
  public boolean test(Map<String, @Nullable Object> object) {
    Object found = Tree.at(object, "metadata.labels");
    Map<?, ?> present = found instanceof Map<?, ?> map ? map : Map.of();
    for (String term : labels.isEmpty() ? new String[0] : labels.split(",")) {
      if (!hasLabel(present, term)) {
        return false;
      }
    }
    for (String term : fields.isEmpty() ? new String[0] : fields.split(",")) {
      if (!hasField(object, term)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasLabel(Map<?, ?> labels, String term) {
    if (term.startsWith("!")) {
      return !labels.containsKey(term.substring(1));
    }
    int equal = term.indexOf('=');
    return equal < 0
        ? labels.containsKey(term)
        : term.substring(equal + 1).equals(labels.get(term.substring(0, equal)));
  }

  private static boolean hasField(Map<String, @Nullable Object> object, String term) {
    int equal = term.indexOf('=');
    boolean negated = term.charAt(equal - 1) == '!';
    String path = term.substring(0, negated ? equal - 1 : equal);
    return term.substring(equal + 1).equals(Tree.textAt(object, path)) != negated;
  }
}
