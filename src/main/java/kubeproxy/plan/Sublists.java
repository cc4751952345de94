package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Filtering that makes no copy where nothing is filtered out, so that what is equal stays one
/// object in memory.
final class Sublists {

  private Sublists() {}

  /// The elements that match, in order: the list itself if all do, else an immutable list.
  static <T> List<T> matching(List<T> list, Predicate<? super T> predicate) {
    int size = list.size();
    int kept = 0;
    while (kept < size && predicate.test(list.get(kept))) {
      kept++;
    }
    if (kept == size) {
      return list;
    }
    List<T> matching = new ArrayList<>(list.subList(0, kept));
    for (int i = kept + 1; i < size; i++) {
      T element = list.get(i);
      if (predicate.test(element)) {
        matching.add(element);
      }
    }
    return List.copyOf(matching);
  }
}
