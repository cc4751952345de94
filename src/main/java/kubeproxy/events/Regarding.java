package kubeproxy.events;

import kubeproxy.model.ObjectKey;

/// The object that an event is about.
///
/// @param kind of `v1`: `Node` or `Service`
/// @param namespace empty for a Node
/// @param uid tells the object from an earlier one of that name; may be empty
public record Regarding(String kind, String namespace, String name, String uid) {

  /// A Node. Without its UID, as upstream does: the proxy may speak before it has seen its Node.
  public static Regarding node(String name) {
    return new Regarding("Node", "", name, "");
  }

  /// A Service.
  public static Regarding service(ObjectKey key, String uid) {
    return new Regarding("Service", key.namespace(), key.name(), uid);
  }

  /// Where the event itself is stored: events about what is in no namespace are in `default`.
  String eventNamespace() {
    return namespace.isEmpty() ? "default" : namespace;
  }
}
