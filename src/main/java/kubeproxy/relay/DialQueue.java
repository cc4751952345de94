package kubeproxy.relay;

import java.util.ArrayDeque;

/// The connections of one loop that wait for an answer of a backend, at the same attempt and so
/// for the same time: whoever came first is due first.
final class DialQueue implements Timer {
  private final int attempt;
  private final long timeoutNanos;
  private final ArrayDeque<StreamFlow> waiting = new ArrayDeque<>();

  /// @param attempt that connections in this queue are at
  DialQueue(int attempt, long timeoutNanos) {
    this.attempt = attempt;
    this.timeoutNanos = timeoutNanos;
  }

  /// Adds a connection that begins its attempt now. One that succeeds need not be removed.
  void add(StreamFlow flow, long now) {
    flow.dialUntil(now + timeoutNanos);
    waiting.addLast(flow);
  }

  @Override
  public long remaining(long now) {
    while (!waiting.isEmpty() && !waiting.getFirst().isDialing(attempt)) {
      waiting.removeFirst();
    }
    return waiting.isEmpty() ? NEVER : waiting.getFirst().dialDeadline() - now;
  }

  @Override
  public void run(long now) {
    while (remaining(now) <= 0) {
      waiting.removeFirst().dialTimedOut();
    }
  }
}
