package kubeproxy.logging;

import java.util.List;

/// What is written besides warnings and errors; it may be changed at any time by any thread.
final class Verbosity {
  private volatile int level;
  private volatile VmoduleFilter files = new VmoduleFilter(List.of());

  /// Starts at `level`, with no exceptions.
  Verbosity(int level) {
    set(level);
  }

  /// Changes what is written from now on.
  ///
  /// @param newLevel 0 for what everybody should know, up to 10 for every detail; never negative
  void set(int newLevel) {
    if (newLevel < 0) {
      throw new IllegalArgumentException("negative verbosity: " + newLevel);
    }
    this.level = newLevel;
  }

  /// Changes the exceptions.
  void setFiles(List<VmodulePattern> patterns) {
    files = new VmoduleFilter(patterns);
  }

  /// Whether a line of `wanted` is written at the place where the logger was called.
  boolean allows(int wanted) {
    return wanted <= level || files.allows(wanted);
  }
}
