package kubeproxy.relay;

import java.util.concurrent.atomic.AtomicInteger;

/// One thing of which all loops together may have so many.
final class Usage {
  private final int limit;
  private final AtomicInteger used = new AtomicInteger();

  Usage(int limit) {
    this.limit = limit;
  }

  /// Takes one, if there is one left.
  boolean take() {
    if (used.incrementAndGet() <= limit) {
      return true;
    }
    used.decrementAndGet();
    return false;
  }

  /// Gives one back.
  void give() {
    used.decrementAndGet();
  }

  int used() {
    return Math.min(limit, used.get());
  }
}
