package kubeproxy.model;

/// An object read from the cluster. Equal objects mean equal packets: what does not matter to the
/// proxy (resource versions, managed fields, almost all annotations) is left out.
public sealed interface ClusterObject permits Service, EndpointSlice, Node, ServiceCidr {

  /// Its kind.
  Kind kind();

  /// Its namespace and name; unique within its kind.
  ObjectKey key();
}
