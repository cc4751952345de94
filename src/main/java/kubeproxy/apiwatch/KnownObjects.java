package kubeproxy.apiwatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.apidecode.ApiItem;
import kubeproxy.apidecode.ItemSink;
import kubeproxy.apidecode.MalformedItem;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;

/// Which objects were handed on, and at which version: enough to tell what a list changes. Belongs
/// to the thread of one watch.
final class KnownObjects {
  /// Versions by the identity of the object of the API.
  private Map<ObjectId, String> versions = new HashMap<>();

  /// The records of those objects that are not one record of the same identity.
  private Map<ObjectId, List<ObjectId>> several = new HashMap<>();

  /// Names of objects whose newest version could not be decoded.
  private Set<String> malformed = new HashSet<>();

  int size() {
    return versions.size();
  }

  int malformed() {
    return malformed.size();
  }

  /// An object as an event tells it. Empty if that version was handed on before.
  Optional<ClusterDelta> put(ApiItem item) {
    malformed.remove(item.id().key().toString());
    if (item.resourceVersion().equals(versions.get(item.id()))) {
      return Optional.empty();
    }
    Map<ObjectId, Optional<ClusterObject>> changes = new LinkedHashMap<>();
    records(item.id()).forEach(old -> changes.put(old, Optional.empty()));
    item.objects().forEach(record -> changes.put(ObjectId.of(record), Optional.of(record)));
    remember(item, versions, several);
    return nonEmpty(changes);
  }

  /// An object is gone. Empty if it was not known.
  Optional<ClusterDelta> remove(ObjectId id) {
    malformed.remove(id.key().toString());
    Map<ObjectId, Optional<ClusterObject>> changes = new LinkedHashMap<>();
    records(id).forEach(old -> changes.put(old, Optional.empty()));
    versions.remove(id);
    several.remove(id);
    return nonEmpty(changes);
  }

  /// An object could not be decoded: what is known of it stays.
  void keep(MalformedItem item) {
    malformed.add(item.name());
  }

  /// Begins to collect the whole state anew.
  ///
  /// @param everything whether to hand on also what has the same version as before: versions of
  ///     different sources, or of a server that was set back, say nothing about each other
  Draft draft(boolean everything) {
    return new Draft(everything);
  }

  private List<ObjectId> records(ObjectId id) {
    if (!versions.containsKey(id)) {
      return List.of();
    }
    List<ObjectId> records = several.get(id);
    return records == null ? List.of(id) : records;
  }

  private static void remember(
      ApiItem item, Map<ObjectId, String> versions, Map<ObjectId, List<ObjectId>> several) {
    List<ClusterObject> objects = item.objects();
    boolean plain = objects.size() == 1 && ObjectId.of(objects.getFirst()).equals(item.id());
    if (plain) {
      // the record's own key: one copy in memory instead of two
      versions.remove(item.id());
      versions.put(ObjectId.of(objects.getFirst()), item.resourceVersion());
      several.remove(item.id());
    } else {
      versions.put(item.id(), item.resourceVersion());
      several.put(item.id(), objects.stream().map(ObjectId::of).toList());
    }
  }

  private static Optional<ClusterDelta> nonEmpty(Map<ObjectId, Optional<ClusterObject>> changes) {
    return changes.isEmpty() ? Optional.empty() : Optional.of(new ClusterDelta(changes));
  }

  /// The whole state while it is being read. Nothing counts before [#finish()].
  final class Draft implements ItemSink {
    private final boolean everything;
    private final Map<ObjectId, String> newVersions = new HashMap<>();
    private final Map<ObjectId, List<ObjectId>> newSeveral = new HashMap<>();
    private final Set<String> newMalformed = new HashSet<>();
    private final Map<ObjectId, Optional<ClusterObject>> changes = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Draft(boolean everything) {
      this.everything = everything;
    }

    @Override
    public void item(ApiItem item) {
      remember(item, newVersions, newSeveral);
      if (everything || !item.resourceVersion().equals(versions.get(item.id()))) {
        item.objects().forEach(record -> changes.put(ObjectId.of(record), Optional.of(record)));
        records(item.id()).forEach(old -> changes.putIfAbsent(old, Optional.empty()));
        problems.addAll(item.ignored());
      }
    }

    @Override
    public void malformed(MalformedItem item) {
      newMalformed.add(item.name());
      problems.add(EventFold.problem(item));
    }

    /// What could not be used.
    List<Problem> problems() {
      return List.copyOf(problems);
    }

    /// Takes an object out again.
    void remove(ObjectId id) {
      newVersions.remove(id);
      List<ObjectId> records = newSeveral.remove(id);
      for (ObjectId record : records == null ? List.of(id) : records) {
        changes.remove(record);
      }
    }

    /// This is all there is. Returns what it changes; empty if nothing.
    ///
    /// Of a malformed object the known state stays. If it is not known which object is malformed,
    /// all that is missing stays: a stale object does less harm than half a cluster.
    Optional<ClusterDelta> finish() {
      boolean anonymous = newMalformed.contains("");
      versions.forEach((id, version) -> {
        if (newVersions.containsKey(id)) {
          return;
        }
        if (anonymous || newMalformed.contains(id.key().toString())) {
          newVersions.put(id, version);
          List<ObjectId> records = several.get(id);
          if (records != null) {
            newSeveral.put(id, records);
          }
        } else {
          records(id).forEach(old -> changes.putIfAbsent(old, Optional.empty()));
        }
      });
      versions = newVersions;
      several = newSeveral;
      malformed = newMalformed;
      return nonEmpty(changes);
    }
  }
}
