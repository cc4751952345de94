package kubeproxy.apiwatch;

import kubeproxy.model.ClusterDelta;
import kubeproxy.model.Kind;
import kubeproxy.model.Problem;

/// Takes what the watch of one kind finds out.
interface WatchOutput {

  /// Something has changed.
  void put(ClusterDelta delta);

  /// An object, or a part of one, could not be used.
  void ignored(Problem problem);

  /// The initial state of a kind was put, or there is no point in waiting for it. May be said more
  /// than once.
  void synced(Kind kind);

  /// A thread ends by a mistake in the program.
  void broken(String thread, Throwable mistake);
}
