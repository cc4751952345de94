package kubeproxy.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An immutable map whose changed copies share all but a few small arrays with the original, so
/// that a change to one of tens of thousands of entries costs the same as one of ten. The keys are
/// spread over a fixed number of shards by their hash; a shard is a sorted array.
///
/// Keys must have a hash code that depends on nothing but their content (no enums, no identity), so
/// that the iteration order does too.
public final class PersistentMap<K extends Comparable<K>, V> {
  /// A copied top level of this many references costs less than a microsecond, and at 50,000
  /// entries a shard still holds only about fifty.
  private static final int SHARDS = 1024;

  private static final Object[] EMPTY_SHARD = {};
  private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(emptyShards(), 0);

  /// Each shard is `key, value, key, value, ...` in the order of the keys.
  private final Object[][] shards;

  private final int size;

  private PersistentMap(Object[][] shards, int size) {
    this.shards = shards;
    this.size = size;
  }

  private static Object[][] emptyShards() {
    Object[][] shards = new Object[SHARDS][];
    Arrays.fill(shards, EMPTY_SHARD);
    return shards;
  }

  /// The map without entries.
  @SuppressWarnings("unchecked") // holds neither keys nor values
  public static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
    return (PersistentMap<K, V>) EMPTY;
  }

  /// Number of entries.
  public int size() {
    return size;
  }

  /// The value of a key, or null.
  public @Nullable V get(K key) {
    Object[] shard = shards[shardOf(key)];
    int at = find(shard, key);
    return at < 0 ? null : value(shard, at);
  }

  /// This map with some entries put, or, where the value is null, removed.
  @SuppressWarnings("ReferenceEquality") // a shard without a difference is the same array
  public PersistentMap<K, V> with(Map<K, ? extends @Nullable V> changes) {
    Object[][] next = null;
    int nextSize = size;
    for (Map.Entry<K, ? extends @Nullable V> change : changes.entrySet()) {
      int index = shardOf(change.getKey());
      Object[] before = next == null ? shards[index] : next[index];
      Object[] after = change(before, change.getKey(), change.getValue());
      if (after != before) {
        next = next == null ? shards.clone() : next;
        next[index] = after;
        nextSize += (after.length - before.length) / 2;
      }
    }
    return next == null ? this : new PersistentMap<>(next, nextSize);
  }

  /// Calls `action` for every entry, in an order that depends only on the content.
  public void forEach(BiConsumer<? super K, ? super V> action) {
    for (Object[] shard : shards) {
      for (int at = 0; at < shard.length; at += 2) {
        action.accept(key(shard, at), value(shard, at));
      }
    }
  }

  /// All keys in their natural order; a fresh list.
  public List<K> sortedKeys() {
    @SuppressWarnings("unchecked")
    K[] keys = (K[]) new Comparable<?>[size];
    int count = 0;
    for (Object[] shard : shards) {
      for (int at = 0; at < shard.length; at += 2) {
        keys[count++] = key(shard, at);
      }
    }
    Arrays.sort(keys);
    return Arrays.asList(keys);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PersistentMap<?, ?> map
        && size == map.size
        && Arrays.deepEquals(shards, map.shards);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(shards);
  }

  @Override
  public String toString() {
    return sortedKeys().stream()
        .map(key -> key + "=" + get(key))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static int shardOf(Object key) {
    int hash = key.hashCode() * 0x9E3779B9; // spreads the low entropy of short strings
    return hash >>> 22;
  }

  /// The position of the key in a shard, or `-1 - position` where it would have to be put.
  private int find(Object[] shard, K key) {
    int low = 0;
    int high = shard.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = key(shard, 2 * middle).compareTo(key);
      if (order == 0) {
        return 2 * middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - 2 * low;
  }

  private Object[] change(Object[] shard, K key, @Nullable V value) {
    int at = find(shard, key);
    if (value == null) {
      return at < 0 ? shard : without(shard, at);
    }
    if (at < 0) {
      return inserted(shard, -1 - at, key, value);
    }
    if (shard[at + 1].equals(value)) {
      return shard;
    }
    Object[] changed = shard.clone();
    changed[at + 1] = value;
    return changed;
  }

  private static Object[] inserted(Object[] shard, int at, Object key, Object value) {
    Object[] longer = Arrays.copyOf(shard, shard.length + 2);
    System.arraycopy(shard, at, longer, at + 2, shard.length - at);
    longer[at] = key;
    longer[at + 1] = value;
    return longer;
  }

  private static Object[] without(Object[] shard, int at) {
    if (shard.length == 2) {
      return EMPTY_SHARD;
    }
    Object[] shorter = Arrays.copyOf(shard, shard.length - 2);
    System.arraycopy(shard, at + 2, shorter, at, shard.length - at - 2);
    return shorter;
  }

  @SuppressWarnings("unchecked") // even positions hold keys
  private K key(Object[] shard, int at) {
    return (K) shard[at];
  }

  @SuppressWarnings("unchecked") // odd positions hold values
  private V value(Object[] shard, int at) {
    return (V) shard[at + 1];
  }
}
