package kubeproxy.status;

/// What this program is, for the metric `kubernetes_build_info`.
///
/// @param version as `v1.36.0`
/// @param commit the revision of the sources, or empty
/// @param platform operating system and architecture, as `linux/amd64`
public record BuildDescription(String version, String commit, String platform) {

  String major() {
    return part(0);
  }

  String minor() {
    return part(1);
  }

  private String part(int index) {
    String[] parts = version.replaceFirst("^v", "").split("\\.");
    return index < parts.length ? parts[index] : "";
  }
}
