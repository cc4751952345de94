package kubeproxy.testing.api;

import java.util.List;
import java.util.Optional;

/// What the server stores, and under which paths it serves it.
@SuppressWarnings("ImmutableEnumChecker") // Its lists are made by List.of.
public enum ApiKind {
  SERVICE("Service", "", List.of("v1"), "services"),
  ENDPOINTS("Endpoints", "", List.of("v1"), "endpoints"),
  NODE("Node", "", List.of("v1"), "nodes"),
  ENDPOINT_SLICE("EndpointSlice", "discovery.k8s.io", List.of("v1", "v1beta1"), "endpointslices"),
  SERVICE_CIDR("ServiceCIDR", "networking.k8s.io", List.of("v1", "v1beta1"), "servicecidrs");

  private final String kindName;
  private final String group;
  private final List<String> versions;
  private final String plural;

  ApiKind(String kindName, String group, List<String> versions, String plural) {
    this.kindName = kindName;
    this.group = group;
    this.versions = versions;
    this.plural = plural;
  }

  /// A kind as one version of its group serves it.
  record Served(ApiKind kind, String version) {

    /// As in `discovery.k8s.io/v1`, or `v1` in the core group.
    String groupVersion() {
      return kind.groupVersion(version);
    }
  }

  /// The `kind` of its objects.
  public String kindName() {
    return kindName;
  }

  /// Its API group; empty for the core.
  String group() {
    return group;
  }

  /// The name of the resource, as in a path.
  String plural() {
    return plural;
  }

  /// The versions in which it can be served, the best first.
  List<String> versions() {
    return versions;
  }

  String groupVersion(String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /// The path of its list in a version, across all namespaces.
  String path(String version) {
    return (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version + "/" + plural;
  }

  /// The kind that is listed and watched at a path.
  static Optional<Served> atPath(String path) {
    for (ApiKind kind : values()) {
      for (String version : kind.versions) {
        if (kind.path(version).equals(path)) {
          return Optional.of(new Served(kind, version));
        }
      }
    }
    return Optional.empty();
  }

  /// The kind of an object with these fields.
  static Optional<ApiKind> of(String apiVersion, String kindName) {
    for (ApiKind kind : values()) {
      for (String version : kind.versions) {
        if (kind.kindName.equals(kindName) && kind.groupVersion(version).equals(apiVersion)) {
          return Optional.of(kind);
        }
      }
    }
    return Optional.empty();
  }
}
