package kubeproxy.testing.api;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The objects of a cluster, with one version counter for all of them, and the history of changes
/// since the last [#compact()]. Thread-safe.
public final class ObjectStore {
  /// Older changes are forgotten, as after a compaction.
  private static final int LONGEST_HISTORY = 200_000;

  private final Map<ApiKind, NavigableMap<String, StoredObject>> objects =
      new EnumMap<>(ApiKind.class);
  private List<Change> history = new ArrayList<>();
  private long version = 1;
  private long compactedVersion;

  /// One change.
  ///
  /// @param before null if the object is new
  /// @param after null if it is gone
  record Change(
      long version, ApiKind kind, @Nullable StoredObject before, @Nullable StoredObject after) {}

  /// What happened.
  ///
  /// @param version up to which these are all changes
  /// @param gone whether some of them are forgotten
  record Changes(long version, List<Change> all, boolean gone) {
    Changes {
      all = List.copyOf(all);
    }
  }

  /// What there is of a kind at a version.
  record View(long version, List<StoredObject> objects) {
    View {
      objects = List.copyOf(objects);
    }
  }

  /// An empty store.
  public ObjectStore() {
    for (ApiKind kind : ApiKind.values()) {
      objects.put(kind, new TreeMap<>());
    }
  }

  /// Creates or replaces an object that names its kind.
  ///
  /// @return the version
  public synchronized long put(Map<String, @Nullable Object> tree) {
    String apiVersion = Tree.textAt(tree, "apiVersion");
    String kindName = Tree.textAt(tree, "kind");
    ApiKind kind =
        ApiKind.of(apiVersion, kindName)
            .orElseThrow(() -> new IllegalArgumentException(apiVersion + " " + kindName));
    StoredObject after = StoredObject.of(kind, tree, ++version);
    StoredObject before = of(kind).put(after.key(), after);
    remember(new Change(version, kind, before, after));
    return version;
  }

  /// Removes an object, if there is one.
  ///
  /// @param key `namespace/name`, or `/name` of what lives in no namespace
  /// @return the version
  public synchronized long delete(ApiKind kind, String key) {
    StoredObject before = of(kind).remove(key);
    if (before != null) {
      version++;
      remember(new Change(version, kind, before, null));
    }
    return version;
  }

  private void remember(Change change) {
    history.add(change);
    if (history.size() > LONGEST_HISTORY) {
      int half = LONGEST_HISTORY / 2;
      compactedVersion = history.get(half - 1).version();
      history = new ArrayList<>(history.subList(half, history.size()));
    }
    notifyAll();
  }

  /// Lets the version grow without a change of any object here.
  public synchronized long touch() {
    version++;
    notifyAll();
    return version;
  }

  /// Forgets all history: who watches from an earlier version is told that it is gone.
  public synchronized void compact() {
    compactedVersion = version;
    history = new ArrayList<>();
  }

  /// Goes back to a lower version with the same objects, as if an old backup had been restored.
  public synchronized void restoreTo(long lower) {
    version = lower;
    compactedVersion = lower;
    history = new ArrayList<>();
    for (NavigableMap<String, StoredObject> kind : objects.values()) {
      kind.replaceAll((_, object) -> object.at(Math.min(object.version(), lower)));
    }
    notifyAll();
  }

  /// The present version.
  public synchronized long version() {
    return version;
  }

  private NavigableMap<String, StoredObject> of(ApiKind kind) {
    return Objects.requireNonNull(objects.get(kind));
  }

  /// Keys of all objects of a kind, sorted.
  public synchronized List<String> keys(ApiKind kind) {
    return List.copyOf(of(kind).keySet());
  }

  /// The fields of an object; empty if there is none.
  public synchronized Map<String, @Nullable Object> get(ApiKind kind, String key) {
    StoredObject object = of(kind).get(key);
    return object == null ? Map.of() : object.fields();
  }

  synchronized View view(ApiKind kind) {
    return new View(version, List.copyOf(of(kind).values()));
  }

  /// Whether changes after this version are still known.
  synchronized boolean remembers(long since) {
    return since >= compactedVersion;
  }

  /// Changes after a version; waits for one, but only for so long.
  synchronized Changes changesAfter(long since, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (version <= since && System.nanoTime() < deadline) {
      wait((deadline - System.nanoTime()) / 1_000_000 + 1);
    }
    boolean gone = version > since && since < compactedVersion;
    List<Change> changes = List.copyOf(history.subList(firstAfter(since), history.size()));
    return new Changes(version, changes, gone);
  }

  private int firstAfter(long since) {
    int low = 0;
    int high = history.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (history.get(middle).version() <= since) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
