package kubeproxy.engine;

/// How long to leave between two answers to drift. Short as a rule; but where somebody undoes each
/// repair as soon as it is made, two programs would be busy with nothing else, so it doubles with
/// every further one. Not thread-safe, has no clock.
final class DriftSpacing {

  /// So many in a row may be coincidence, or an operator who tries things.
  static final int UNDELAYED = 5;

  private static final long SHORTEST = SyncPacing.DRIFT_SPACING.toNanos();
  private static final long LONGEST = SyncPacing.LONGEST_DRIFT_SPACING.toNanos();

  private int row;
  private long last;
  private long current = SHORTEST;

  /// In nanoseconds.
  long current() {
    return current;
  }

  /// Drift was answered.
  ///
  /// @param now the end of that
  /// @return how long to leave after it, in nanoseconds
  long next(long now) {
    // Whoever left ours in peace for as long again is not in a row any more.
    row = row > 0 && now - last < 2 * current + SHORTEST ? row + 1 : 1;
    last = now;
    current = row <= UNDELAYED ? SHORTEST : Math.min(2 * current, LONGEST);
    return current;
  }
}
