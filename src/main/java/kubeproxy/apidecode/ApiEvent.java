package kubeproxy.apidecode;

import kubeproxy.model.ObjectId;

/// One event of a watch.
public sealed interface ApiEvent {

  /// There is a new object, or one that is selected now.
  record Added(ApiItem item) implements ApiEvent {}

  /// An object has changed.
  record Modified(ApiItem item) implements ApiEvent {}

  /// An object is gone, or is selected no longer. Known even if the object could not be decoded.
  ///
  /// @param resourceVersion the version of the deletion
  record Deleted(ObjectId id, String resourceVersion) implements ApiEvent {}

  /// Nothing has happened up to a version.
  ///
  /// @param initialEventsEnd whether this ends the initial state that a streaming list began with
  ///     (annotation `k8s.io/initial-events-end`, KEP-3157)
  record Bookmark(String resourceVersion, boolean initialEventsEnd) implements ApiEvent {}

  /// The server gives up this watch.
  record Failed(ApiStatus status) implements ApiEvent {}

  /// An object was added or has changed, but could not be decoded.
  ///
  /// @param resourceVersion its version, empty if that could not be read
  record Skipped(MalformedItem item, String resourceVersion) implements ApiEvent {}

  /// An event of a type that this program does not know.
  record Unknown(String type) implements ApiEvent {}
}
