package kubeproxy.testing.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts the objects of a folder of manifests into a store, and follows the files.
public final class ManifestFolder {
  private final Path folder;
  private final ObjectStore store;
  private Map<Id, Map<String, @Nullable Object>> present = new HashMap<>();

  private record Id(ApiKind kind, String key) {}

  public ManifestFolder(Path folder, ObjectStore store) {
    this.folder = folder;
    this.store = store;
  }

  /// Reads all files and takes over what differs. Returns how many objects changed.
  public int refresh() throws IOException {
    Map<Id, Map<String, @Nullable Object>> read = new HashMap<>();
    for (Path file : files()) {
      for (Map<String, @Nullable Object> document : Tree.ofYaml(Files.readString(file))) {
        collect(document, read);
      }
    }
    int changed = 0;
    for (Map.Entry<Id, Map<String, @Nullable Object>> entry : read.entrySet()) {
      if (!entry.getValue().equals(present.get(entry.getKey()))) {
        store.put(entry.getValue());
        changed++;
      }
    }
    Set<Id> gone = new HashSet<>(present.keySet());
    gone.removeAll(read.keySet());
    gone.forEach(id -> store.delete(id.kind(), id.key()));
    present = read;
    return changed + gone.size();
  }

  private List<Path> files() throws IOException {
    if (Files.isRegularFile(folder)) {
      return List.of(folder);
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().matches(".*\\.(ya?ml|json)")).sorted().toList();
    }
  }

  private static void collect(
      Map<String, @Nullable Object> document, Map<Id, Map<String, @Nullable Object>> into) {
    if (document.get("items") instanceof List<?> items) {
      for (Object item : new ArrayList<>(items)) {
        collect(Tree.map(item), into);
      }
      return;
    }
    String apiVersion = Tree.textAt(document, "apiVersion");
    ApiKind.of(apiVersion, Tree.textAt(document, "kind"))
        .ifPresent(kind -> {
          String namespace = Tree.textAt(document, "metadata.namespace");
          boolean global = kind == ApiKind.NODE || kind == ApiKind.SERVICE_CIDR;
          String inside = global || !namespace.isEmpty() ? namespace : "default";
          Map<String, @Nullable Object> whole =
              inside.isEmpty() ? document : Tree.with(document, "metadata.namespace", inside);
          into.put(new Id(kind, inside + "/" + Tree.textAt(document, "metadata.name")), whole);
        });
  }
}
