package kubeproxy.manifests;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;

/// What a file says.
///
/// @param documents number of documents; zero for a file that is empty or all comments
/// @param objects the objects; of those written twice, the first
/// @param repeated the objects that are written more than once
/// @param skipped number of objects by kind that do not matter to a node proxy
/// @param ignored problems of objects that had to be left out
record FileContent(
    int documents,
    Map<ObjectId, ClusterObject> objects,
    Set<ObjectId> repeated,
    SortedMap<String, Integer> skipped,
    List<Problem> ignored) {

  /// The content of a file that cannot be told from one that is not there.
  static final FileContent NOTHING = of(0, List.of(), Collections.emptySortedMap(), List.of());

  /// The content with these objects, in the order of the text.
  static FileContent of(
      int documents,
      List<ClusterObject> objects,
      SortedMap<String, Integer> skipped,
      List<Problem> ignored) {
    Map<ObjectId, ClusterObject> byId = LinkedHashMap.newLinkedHashMap(objects.size());
    Set<ObjectId> repeated = new HashSet<>();
    for (ClusterObject object : objects) {
      ObjectId id = ObjectId.of(object);
      if (byId.putIfAbsent(id, object) != null) {
        repeated.add(id);
      }
    }
    return new FileContent(documents, byId, repeated, skipped, ignored);
  }

  /// This content with the very objects of an earlier one where they are equal: others hold those
  /// already, and a copy of a large file would be in memory twice.
  FileContent sharing(FileContent earlier) {
    objects.replaceAll((id, object) -> {
      ClusterObject known = earlier.objects.get(id);
      return object.equals(known) ? known : object;
    });
    return this;
  }

  /// Number of objects by kind.
  SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    objects.keySet().forEach(id -> counts.merge(id.kind().apiName(), 1, Integer::sum));
    return counts;
  }

  /// Whether it lacks objects that `earlier` has.
  boolean lacksAnyOf(FileContent earlier) {
    return !objects.keySet().containsAll(earlier.objects.keySet());
  }
}
