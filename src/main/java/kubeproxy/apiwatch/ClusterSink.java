package kubeproxy.apiwatch;

import kubeproxy.model.ClusterDelta;
import kubeproxy.model.Problem;

/// Takes what a [ClusterSource] learns. Called by several threads, one per kind, so it must be safe
/// for that; the deltas of one kind come in order. Must not block for long: while it does, that
/// kind is not read.
public interface ClusterSink {

  /// Something has changed.
  void put(ClusterDelta delta);

  /// Everything that there was at the start has been put. Called once.
  void markSynced();

  /// An object, or a part of one, could not be used. Its earlier good state stays in force until
  /// the object goes. Told again whenever the object is read again.
  void ignored(Problem problem);
}
