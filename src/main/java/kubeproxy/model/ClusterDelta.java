package kubeproxy.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Changes to the cluster, the last one per object: a present value replaces the object, an empty
/// one removes it.
public record ClusterDelta(Map<ObjectId, Optional<ClusterObject>> changes) {

  /// No change.
  public static final ClusterDelta NONE = new ClusterDelta(Map.of());

  public ClusterDelta {
    changes = Map.copyOf(changes);
  }

  /// The delta that puts these objects; a later one replaces an earlier one of the same identity.
  public static ClusterDelta ofPut(Collection<? extends ClusterObject> objects) {
    Map<ObjectId, Optional<ClusterObject>> changes = new LinkedHashMap<>();
    objects.forEach(object -> changes.put(ObjectId.of(object), Optional.of(object)));
    return new ClusterDelta(changes);
  }

  /// The delta that removes these objects.
  public static ClusterDelta ofRemoved(Collection<ObjectId> ids) {
    Map<ObjectId, Optional<ClusterObject>> changes = new LinkedHashMap<>();
    ids.forEach(id -> changes.put(id, Optional.empty()));
    return new ClusterDelta(changes);
  }

  /// This delta followed by a later one.
  public ClusterDelta then(ClusterDelta later) {
    Map<ObjectId, Optional<ClusterObject>> both = new LinkedHashMap<>(changes);
    both.putAll(later.changes);
    return new ClusterDelta(both);
  }
}
