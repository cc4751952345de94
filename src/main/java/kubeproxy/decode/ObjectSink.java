package kubeproxy.decode;

import kubeproxy.model.ClusterObject;
import kubeproxy.model.Problem;

/// Takes what a decoder reads, in the order of the text.
public interface ObjectSink {

  /// An object was decoded.
  void object(ClusterObject object);

  /// An object, or a part of one, was left out because of a problem, and there is no decoded object
  /// that could carry it.
  void ignored(Problem problem);

  /// An object was passed over without a word of complaint: it does not matter to a node proxy.
  ///
  /// @param kind its kind, as written
  void skipped(String kind);
}
