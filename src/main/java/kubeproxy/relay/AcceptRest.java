package kubeproxy.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The listeners of one loop that rest: they would be ready for ever without anything to be done
/// about it.
final class AcceptRest implements Timer {
  private static final long REST_NANOS = Duration.ofMillis(50).toNanos();

  private List<Acceptor> resting = new ArrayList<>();
  private long until;

  /// Adds one, which has stopped accepting.
  void add(Acceptor acceptor, long now) {
    if (resting.isEmpty()) {
      until = now + REST_NANOS;
    }
    resting.add(acceptor);
  }

  @Override
  public long remaining(long now) {
    return resting.isEmpty() ? NEVER : until - now;
  }

  @Override
  public void run(long now) {
    List<Acceptor> rested = resting;
    resting = new ArrayList<>();
    rested.forEach(Acceptor::open);
  }
}
