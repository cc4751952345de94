package kubeproxy.decode;

import java.util.List;
import java.util.Optional;

/// The types of the Kubernetes API that can be decoded.
public enum ResourceType {
  SERVICE("Service"),
  ENDPOINT_SLICE("EndpointSlice"),
  /// core/v1 Endpoints, decoded as EndpointSlices.
  ENDPOINTS("Endpoints"),
  NODE("Node"),
  SERVICE_CIDR("ServiceCIDR");

  private static final List<ResourceType> ALL = List.of(values());

  private final String kind;

  ResourceType(String kind) {
    this.kind = kind;
  }

  /// Its `kind`.
  public String kind() {
    return kind;
  }

  /// Whether `apiVersion` is a version of its group that can be decoded.
  boolean hasVersion(String apiVersion) {
    return switch (this) {
      case SERVICE, ENDPOINTS, NODE -> apiVersion.equals("v1");
      case ENDPOINT_SLICE ->
          switch (apiVersion) {
            case "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1" -> true;
            default -> false;
          };
      case SERVICE_CIDR ->
          switch (apiVersion) {
            case "networking.k8s.io/v1",
                "networking.k8s.io/v1beta1",
                "networking.k8s.io/v1alpha1" ->
                true;
            default -> false;
          };
    };
  }

  /// The type of that kind, of whatever group. A kind is ours only together with its group: other
  /// groups have a `Service` too.
  static Optional<ResourceType> ofKind(String kind) {
    for (ResourceType type : ALL) {
      if (type.kind.equals(kind)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
