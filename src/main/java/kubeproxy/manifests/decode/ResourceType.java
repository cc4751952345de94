package kubeproxy.manifests.decode;

import java.util.List;
import java.util.Optional;

/// The types of the Kubernetes API that can be decoded.
public enum ResourceType {
  SERVICE("Service", "v1"),
  ENDPOINT_SLICE("EndpointSlice", "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"),
  /// core/v1 Endpoints, decoded as EndpointSlices.
  ENDPOINTS("Endpoints", "v1"),
  NODE("Node", "v1"),
  SERVICE_CIDR(
      "ServiceCIDR",
      "networking.k8s.io/v1",
      "networking.k8s.io/v1beta1",
      "networking.k8s.io/v1alpha1");

  private static final List<ResourceType> ALL = List.of(values());

  private final String kind;
  private final List<String> apiVersions;

  ResourceType(String kind, String... apiVersions) {
    this.kind = kind;
    this.apiVersions = List.of(apiVersions);
  }

  /// Its `kind`.
  public String kind() {
    return kind;
  }

  /// Whether `apiVersion` is a version of its group that can be decoded.
  boolean hasVersion(String apiVersion) {
    return apiVersions.contains(apiVersion);
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
