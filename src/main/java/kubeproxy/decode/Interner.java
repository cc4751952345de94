package kubeproxy.decode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps one copy of values that repeat: thousands of endpoints name the same few nodes and zones.
/// Lives as long as one input is decoded; what was decoded keeps what it needs.
final class Interner {
  private final Map<String, String> texts = new HashMap<>();
  private final Map<List<?>, List<?>> lists = new HashMap<>();

  /// The one copy of a string.
  String text(String text) {
    String known = texts.putIfAbsent(text, text);
    return known == null ? text : known;
  }

  /// The one copy of a list; immutable.
  @SuppressWarnings("unchecked") // equal lists have equal items; none here is compared across types
  <T> List<T> list(List<T> list) {
    if (list.isEmpty()) {
      return List.of();
    }
    List<?> known = lists.get(list);
    if (known == null) {
      known = List.copyOf(list);
      lists.put(known, known);
    }
    return (List<T>) known;
  }
}
