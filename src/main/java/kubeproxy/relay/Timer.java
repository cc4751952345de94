package kubeproxy.relay;

/// Something that waits for points in time. Called on the thread of its loop, in nanoseconds of the
/// relay's clock.
interface Timer {

  /// What to return if there is nothing to wait for.
  long NEVER = Long.MAX_VALUE;

  /// How long until something is due, at most 0 if it is already, or [#NEVER].
  long remaining(long now);

  /// Does what is due.
  void run(long now);
}
