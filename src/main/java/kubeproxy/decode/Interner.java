package kubeproxy.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps one copy of values that repeat: thousands of endpoints name the same few nodes and zones.
///
/// It has a fixed size, so it can live as long as a watch: what has not come for long makes room
/// for what comes. Safe for use by several threads without a lock: values are immutable, and what
/// a race loses is no more than the sharing of one copy.
public final class Interner {
  /// Room for the nodes, zones, namespaces and Services of a large cluster, in 64 KiB.
  private static final int TEXTS = 1 << 14;

  /// Lists of ports and hints: there are far fewer different ones.
  private static final int LISTS = 1 << 10;

  /// Values with the same place in the table; a new one replaces one of them.
  private static final int WAYS = 4;

  private final @Nullable Object[] texts = new @Nullable Object[TEXTS];
  private final @Nullable Object[] lists = new @Nullable Object[LISTS];
  private int replaced;

  /// The one copy of a string.
  public String text(String text) {
    Object[] table = texts;
    int first = place(text, TEXTS);
    for (int at = first; at < first + WAYS; at++) {
      if (table[at] instanceof String known && known.equals(text)) {
        return known;
      }
    }
    keep(table, first, text);
    return text;
  }

  /// The one copy of a list; immutable.
  @SuppressWarnings("unchecked") // equal lists have equal items; none here is compared across types
  <T> List<T> list(List<T> list) {
    if (list.isEmpty()) {
      return List.of();
    }
    Object[] table = lists;
    int first = place(list, LISTS);
    for (int at = first; at < first + WAYS; at++) {
      if (list.equals(table[at])) {
        return (List<T>) table[at];
      }
    }
    List<T> kept = List.copyOf(list);
    keep(table, first, kept);
    return kept;
  }

  private static int place(Object value, int size) {
    int hash = value.hashCode();
    // The low bits of the hashes of numbered names are alike.
    hash = (hash ^ hash >>> 16) * 0x9e3779b1;
    return (hash >>> 8 & size - 1) & -WAYS;
  }

  private void keep(@Nullable Object[] table, int first, Object value) {
    for (int at = first; at < first + WAYS; at++) {
      if (table[at] == null) {
        table[at] = value;
        return;
      }
    }
    table[first + (replaced++ & WAYS - 1)] = value;
  }
}
