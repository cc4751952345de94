package kubeproxy.logging;

/// The verbosity of all loggers made with it; it may be changed at any time by any thread.
public final class Verbosity {
  private volatile int level;

  /// Starts at `level`.
  ///
  /// @param level 0 or more; see [#set]
  public Verbosity(int level) {
    set(level);
  }

  /// The highest level that is written now.
  public int level() {
    return level;
  }

  /// Changes what is written from now on.
  ///
  /// @param level 0 for what everybody should know, up to 10 for every detail; never negative
  public void set(int level) {
    if (level < 0) {
      throw new IllegalArgumentException("negative verbosity: " + level);
    }
    this.level = level;
  }
}
