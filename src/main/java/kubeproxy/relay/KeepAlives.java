package kubeproxy.relay;

import java.time.Duration;

/// Has the kernel look after the backends of those connections of one loop that live on. The
/// options for that take three calls, more than a connection should cost that ends at once, as most
/// do; so they are set a little later, for many connections at a time.
final class KeepAlives implements Timer {
  private static final long WAIT_NANOS = Duration.ofSeconds(5).toNanos();

  // Others want to be served, too.
  private static final int BATCH = 64;

  private final EventLoop events;
  private boolean waiting;
  private long due;
  private int next;
  private boolean more;

  KeepAlives(EventLoop events) {
    this.events = events;
  }

  /// Another connection has a backend.
  void established(long now) {
    more = true;
    if (!waiting) {
      waiting = true;
      due = now + WAIT_NANOS;
    }
  }

  @Override
  public long remaining(long now) {
    return waiting ? due - now : NEVER;
  }

  @Override
  public void run(long now) {
    if (next == 0) {
      more = false;
    }
    for (int set = 0; set < BATCH && next < events.slots(); next++) {
      if (events.handler(next) instanceof StreamFlow flow && flow.keepAlive()) {
        set++;
      }
    }
    if (next < events.slots()) {
      due = now;
      return;
    }
    next = 0;
    waiting = more;
    due = now + WAIT_NANOS;
  }
}
