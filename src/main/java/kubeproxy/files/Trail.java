package kubeproxy.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The entries of folders that decide what some paths lead to: those of the paths themselves and of
/// every symbolic link on the way. A change to any of them can change a file without touching it.
public final class Trail {
  /// As many symbolic links as Linux follows for one path (`MAXSYMLINKS`).
  private static final int MAX_LINKS = 40;

  /// What of a folder matters.
  ///
  /// @param names entries that paths lead through
  /// @param others which other entries matter too, by their names
  public record Interest(Set<String> names, Predicate<String> others) {
    boolean in(String name) {
      return names.contains(name) || others.test(name);
    }
  }

  private final Map<Path, Set<String>> names = new HashMap<>();

  /// Adds the way to a path, which need not exist.
  public void add(Path path) {
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
  public Map<Path, Interest> interests() {
    Map<Path, Interest> interests = new HashMap<>();
    names.forEach(
        (path, entries) -> interests.put(path, new Interest(Set.copyOf(entries), _ -> false)));
    return interests;
  }

  /// The folders with what matters of them, and one more.
  ///
  /// @param folder of which other entries matter too; need not exist
  /// @param others which, by their names
  public Map<Path, Interest> interests(Path folder, Predicate<String> others) {
    Map<Path, Interest> interests = interests();
    if (Files.isDirectory(folder)) {
      Set<String> entries = names.getOrDefault(folder, Set.of());
      interests.put(folder, new Interest(Set.copyOf(entries), others));
    }
    return interests;
  }
}
