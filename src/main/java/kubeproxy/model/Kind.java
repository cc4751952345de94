package kubeproxy.model;

/// The kinds of API objects that a node proxy reads.
public enum Kind {
  SERVICE("Service"),
  ENDPOINT_SLICE("EndpointSlice"),
  NODE("Node"),
  SERVICE_CIDR("ServiceCIDR");

  private final String apiName;

  Kind(String apiName) {
    this.apiName = apiName;
  }

  /// The `kind` of the Kubernetes API.
  public String apiName() {
    return apiName;
  }
}
