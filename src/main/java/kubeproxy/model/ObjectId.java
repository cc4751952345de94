package kubeproxy.model;

/// Kind, namespace and name: what tells one object of the cluster from every other.
public record ObjectId(Kind kind, ObjectKey key) {

  /// The identity of an object.
  public static ObjectId of(ClusterObject object) {
    return new ObjectId(object.kind(), object.key());
  }

  @Override
  public String toString() {
    return kind.apiName() + " " + key;
  }
}
