package kubeproxy.manifests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;

/// Something that the operator of the node should hear of. Given on the source's own thread, before
/// the delta that goes with it.
public sealed interface ManifestReport {

  /// A file was read and is in force. Not reported again while its objects stay the same.
  ///
  /// @param objects number of objects by kind
  /// @param skipped number of objects by kind that do not matter to a node proxy
  /// @param ignored problems of objects that had to be left out
  /// @param recovered whether the file had been rejected before
  record FileLoaded(
      Path file,
      SortedMap<String, Integer> objects,
      SortedMap<String, Integer> skipped,
      List<Problem> ignored,
      boolean recovered)
      implements ManifestReport {}

  /// A file was rejected.
  ///
  /// @param earlierContentStays whether an earlier content of the file is in force still
  record FileRejected(ManifestError error, boolean earlierContentStays) implements ManifestReport {}

  /// A file is gone, and its objects with it.
  record FileRemoved(Path file) implements ManifestReport {}

  /// There is nothing at the watched path, or it cannot be looked at. What was in force stays so.
  record PathUnavailable(Path path, String reason) implements ManifestReport {}

  /// There is something at the watched path again.
  record PathFound(Path path) implements ManifestReport {}

  /// An object is written more than once. The first file by name wins, in a file the first
  /// document.
  ///
  /// @param used the file whose object is used
  /// @param ignored the files whose object is not, sorted; the same file if it repeats the object
  record DuplicateObject(ObjectId object, Path used, List<Path> ignored)
      implements ManifestReport {}

  /// The kernel does not tell of changes; the files are looked at time and again instead.
  record WatchUnavailable(String reason, Duration lookEvery) implements ManifestReport {}
}
