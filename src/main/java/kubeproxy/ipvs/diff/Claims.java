package kubeproxy.ipvs.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Which Services want a thing of the kernel, and how. Of those that want the same thing the first
/// gets it, by rank and then by key. Things are told in the order in which they were first wanted.
/// Used by one thread.
///
/// @param <K> what there is one of
/// @param <V> how it is wanted
final class Claims<K, V> {
  private final Map<K, List<Claim<V>>> byKey = new LinkedHashMap<>();

  /// One Service's wish.
  record Claim<V>(int rank, ObjectKey owner, V value) implements Comparable<Claim<V>> {
    @Override
    public int compareTo(Claim<V> other) {
      return rank != other.rank ? Integer.compare(rank, other.rank) : owner.compareTo(other.owner);
    }
  }

  /// Wishes of changed Services, in the place of whatever they wished before.
  static final class Changes<K, V> {
    private final Map<K, List<Claim<V>>> added = new HashMap<>();
    private final Set<K> touched = new LinkedHashSet<>();

    /// The Service wanted it before.
    void before(K key) {
      touched.add(key);
    }

    /// The Service wants it now.
    void after(K key, Claim<V> claim) {
      touched.add(key);
      added.merge(key, List.of(claim), Claims::joined);
    }
  }

  private static <V> List<Claim<V>> joined(List<Claim<V>> left, List<Claim<V>> right) {
    List<Claim<V>> all = new ArrayList<>(left);
    all.addAll(right);
    return all;
  }

  /// Who has it; null if nobody wants it.
  @Nullable Claim<V> holder(K key) {
    return first(byKey.getOrDefault(key, List.of()), Set.of());
  }

  private static <V> @Nullable Claim<V> first(List<Claim<V>> claims, Set<ObjectKey> without) {
    Claim<V> first = null;
    for (Claim<V> claim : claims) {
      if (!without.contains(claim.owner()) && (first == null || claim.compareTo(first) < 0)) {
        first = claim;
      }
    }
    return first;
  }

  /// Who has it once these Services wish something else.
  private @Nullable Claim<V> holderAfter(
      K key, Changes<K, V> changes, Set<ObjectKey> changedServices) {
    Claim<V> kept = first(byKey.getOrDefault(key, List.of()), changedServices);
    Claim<V> added = first(changes.added.getOrDefault(key, List.of()), Set.of());
    if (kept == null || added == null) {
      return kept == null ? added : kept;
    }
    return kept.compareTo(added) < 0 ? kept : added;
  }

  /// What is told of each thing whose holder may be another one.
  interface Comparison<K, V> {
    /// Looks at one thing.
    ///
    /// @param before null if nobody had it
    /// @param after null if nobody gets it
    void compare(K key, @Nullable Claim<V> before, @Nullable Claim<V> after);
  }

  /// Compares, without changing anything.
  void compare(Changes<K, V> changes, Set<ObjectKey> changedServices, Comparison<K, V> comparison) {
    for (K key : changes.touched) {
      comparison.compare(key, holder(key), holderAfter(key, changes, changedServices));
    }
  }

  /// Takes over changes.
  void accept(Changes<K, V> changes, Set<ObjectKey> changedServices) {
    for (K key : changes.touched) {
      List<Claim<V>> claims =
          byKey.getOrDefault(key, List.of()).stream()
              .filter(claim -> !changedServices.contains(claim.owner()))
              .toList();
      List<Claim<V>> all = joined(claims, changes.added.getOrDefault(key, List.of()));
      if (all.isEmpty()) {
        byKey.remove(key);
      } else {
        byKey.put(key, List.copyOf(all));
      }
    }
  }

  /// All things that somebody has.
  void forEach(BiConsumer<? super K, ? super Claim<V>> action) {
    byKey.forEach((key, claims) -> {
      Claim<V> first = first(claims, Set.of());
      if (first != null) {
        action.accept(key, first);
      }
    });
  }

  /// Number of things that somebody wants.
  int size() {
    return byKey.size();
  }

  void clear() {
    byKey.clear();
  }
}
