package kubeproxy.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The entries of folders that decide what some paths lead to: those of the paths themselves and of
/// every symbolic link on the way. A change to any of them can change a file without touching it.
final class Trail {
  /// As many symbolic links as Linux follows for one path (`MAXSYMLINKS`).
  private static final int MAX_LINKS = 40;

  /// What of a folder matters.
  ///
  /// @param names entries that paths lead through
  /// @param manifests whether every entry that has the name of a manifest matters too
  record Interest(Set<String> names, boolean manifests) {
    boolean in(String name) {
      return names.contains(name) || (manifests && ManifestFiles.isManifest(name));
    }
  }

  private final Map<Path, Set<String>> names = new HashMap<>();

  /// Adds the way to a path, which need not exist.
  void add(Path path) {
    add(path, new int[] {MAX_LINKS});
  }

  private void add(Path path, int[] linksLeft) {
    Path parent = path.getParent();
    if (parent == null) {
      return;
    }
    // Of a folder that is not there, the nearest one above that is will tell when it comes.
    if (!Files.isDirectory(parent)) {
      add(parent, linksLeft);
      return;
    }
    if (Files.isSymbolicLink(parent)) {
      add(parent, linksLeft);
    }
    names.computeIfAbsent(parent, _ -> new HashSet<>()).add(String.valueOf(path.getFileName()));
    if (Files.isSymbolicLink(path) && linksLeft[0]-- > 0) {
      try {
        add(parent.resolve(Files.readSymbolicLink(path)).normalize(), linksLeft);
      } catch (IOException _) {
        // The link was replaced meanwhile; its folder, which is on the trail, will tell.
      }
    }
  }

  /// The folders with what matters of them.
  ///
  /// @param folder the folder of which every manifest matters; need not exist
  Map<Path, Interest> interests(Path folder) {
    Map<Path, Interest> interests = new HashMap<>();
    names.forEach((path, entries) -> interests.put(path, new Interest(Set.copyOf(entries), false)));
    if (Files.isDirectory(folder)) {
      Set<String> entries = names.getOrDefault(folder, Set.of());
      interests.put(folder, new Interest(Set.copyOf(entries), true));
    }
    return interests;
  }
}
