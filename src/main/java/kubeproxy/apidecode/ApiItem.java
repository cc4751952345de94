package kubeproxy.apidecode;

import java.util.List;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;

/// One object of the API as it came.
///
/// @param id its own identity; that of an Endpoints object is of kind `EndpointSlice` too, and none
///     of its records has it
/// @param resourceVersion `metadata.resourceVersion`
/// @param objects the records it comes to, which carry their problems. One for most; none for an
///     EndpointSlice of host names or of no Service; as many as an Endpoints object has subsets and
///     families. They replace all that an earlier version of the object came to.
/// @param ignored problems that no record could carry
public record ApiItem(
    ObjectId id, String resourceVersion, List<ClusterObject> objects, List<Problem> ignored) {

  public ApiItem {
    objects = List.copyOf(objects);
    ignored = List.copyOf(ignored);
  }

  /// An object that is one record.
  public ApiItem(ObjectId id, String resourceVersion, ClusterObject object) {
    this(id, resourceVersion, List.of(object), List.of());
  }
}
