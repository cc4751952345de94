package kubeproxy.files;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// What may have changed.
///
/// @param everything whether anything may have, so that all has to be looked at
/// @param contents whether, with everything, stamps are not to be trusted: files are read again
/// @param files files that have been written to or replaced, whatever their stamps say
public record Touched(boolean everything, boolean contents, Set<Path> files) {

  /// Only time went by.
  public static final Touched NOTHING = new Touched(false, false, Set.of());

  /// Something may have changed unheard; stamps tell what.
  public static final Touched ANYTHING = new Touched(true, false, Set.of());

  public Touched {
    files = Set.copyOf(files);
  }

  /// Whether nothing was touched.
  public boolean isNothing() {
    return !everything && files.isEmpty();
  }

  /// Whether a file has to be read again even if its stamp is the same.
  public boolean includes(Path file) {
    return (everything && contents) || files.contains(file);
  }

  /// Both together.
  public Touched and(Touched other) {
    Set<Path> both = new HashSet<>(files);
    both.addAll(other.files);
    return new Touched(everything || other.everything, contents || other.contents, both);
  }
}
