package kubeproxy.apidecode;

import kubeproxy.decode.ResourceType;
import kubeproxy.model.Kind;

/// What can be listed and watched, in a certain version of its API.
public enum ApiResource {
  SERVICES("/api/v1/services", "v1", ResourceType.SERVICE),
  ENDPOINT_SLICES_V1(
      "/apis/discovery.k8s.io/v1/endpointslices",
      "discovery.k8s.io/v1",
      ResourceType.ENDPOINT_SLICE),
  /// Served up to Kubernetes 1.24; names the node in `topology`.
  ENDPOINT_SLICES_V1BETA1(
      "/apis/discovery.k8s.io/v1beta1/endpointslices",
      "discovery.k8s.io/v1beta1",
      ResourceType.ENDPOINT_SLICE),
  /// core/v1 Endpoints, decoded as EndpointSlices: one object may be several records.
  ENDPOINTS("/api/v1/endpoints", "v1", ResourceType.ENDPOINTS),
  NODES("/api/v1/nodes", "v1", ResourceType.NODE),
  SERVICE_CIDRS_V1(
      "/apis/networking.k8s.io/v1/servicecidrs", "networking.k8s.io/v1", ResourceType.SERVICE_CIDR),
  SERVICE_CIDRS_V1BETA1(
      "/apis/networking.k8s.io/v1beta1/servicecidrs",
      "networking.k8s.io/v1beta1",
      ResourceType.SERVICE_CIDR),
  /// Served from Kubernetes 1.29 to 1.31, behind a feature gate.
  SERVICE_CIDRS_V1ALPHA1(
      "/apis/networking.k8s.io/v1alpha1/servicecidrs",
      "networking.k8s.io/v1alpha1",
      ResourceType.SERVICE_CIDR);

  private final String path;
  private final String apiVersion;
  private final ResourceType type;

  ApiResource(String path, String apiVersion, ResourceType type) {
    this.path = path;
    this.apiVersion = apiVersion;
    this.type = type;
  }

  /// The path below the server's address, of all namespaces.
  public String path() {
    return path;
  }

  /// Group and version as objects name them: `v1`, `discovery.k8s.io/v1`.
  public String apiVersion() {
    return apiVersion;
  }

  /// The `kind` of its objects.
  public String kind() {
    return type.kind();
  }

  /// The kind of the records that its objects become.
  public Kind modelKind() {
    return switch (type) {
      case SERVICE -> Kind.SERVICE;
      case ENDPOINT_SLICE, ENDPOINTS -> Kind.ENDPOINT_SLICE;
      case NODE -> Kind.NODE;
      case SERVICE_CIDR -> Kind.SERVICE_CIDR;
    };
  }

  ResourceType type() {
    return type;
  }
}
