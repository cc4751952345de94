package kubeproxy.logging;

/// The verbosity of some source files (one element of `--vmodule`).
///
/// @param pattern the name of a file without `.java`. `*`, `?` and `[a-z]` match as in a shell.
///   With slashes the folders in front of the file must match too: `engine/*` is every file of that
///   folder, wherever it is
/// @param level lines up to this level are written, even if `-v` is lower; 0 changes nothing
public record VmodulePattern(String pattern, int level) {
  /// Rejects what no flag can mean.
  public VmodulePattern {
    if (pattern.isEmpty() || level < 0) {
      throw new IllegalArgumentException("bad pattern: " + pattern + "=" + level);
    }
  }
}
