package kubeproxy.relay;

/// What an event loop tells of events. Called on the thread of that loop.
interface Handler {

  /// Something happened.
  ///
  /// @param side which of its two descriptors, 0 or 1
  /// @param flags `EPOLL…` flags
  void ready(int side, int flags);

  /// Goes on with what was left over, after [EventLoop#again].
  default void resume() {}

  /// Ends at once, giving back all it has: the loop ends, or there is a mistake in it.
  void abandon();
}
