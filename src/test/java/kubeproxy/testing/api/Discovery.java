package kubeproxy.testing.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The documents that say what a server serves.
record Discovery(Personality personality) {

  /// The document at a path; empty if there is none.
  Optional<String> document(String path) {
    if (path.equals("/api")) {
      return Optional.of(Tree.toJson(Tree.of("kind", "APIVersions", "versions", List.of("v1"))));
    }
    if (path.equals("/api/v1")) {
      return resources("", "v1");
    }
    String[] parts = path.split("/", -1);
    if (parts.length < 3 || !parts[1].equals("apis")) {
      return Optional.empty();
    }
    return parts.length == 3 ? group(parts[2]) : resources(parts[2], parts[3]);
  }

  private Optional<String> group(String group) {
    List<Object> versions = new ArrayList<>();
    for (ApiKind kind : ApiKind.values()) {
      for (String version : kind.versions()) {
        if (kind.group().equals(group) && personality.serves(kind, version)) {
          String both = kind.groupVersion(version);
          versions.add(Map.of("groupVersion", both, "version", version));
        }
      }
    }
    return versions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Tree.toJson(Tree.of("kind", "APIGroup", "name", group, "versions", versions)));
  }

  private Optional<String> resources(String group, String version) {
    List<Object> found = new ArrayList<>();
    for (ApiKind kind : ApiKind.values()) {
      boolean here = kind.group().equals(group) && kind.versions().contains(version);
      if (here && personality.serves(kind, version)) {
        found.add(Tree.of("name", kind.plural(), "kind", kind.kindName()));
      }
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Tree.toJson(Tree.of("kind", "APIResourceList", "resources", found)));
  }
}
