package kubeproxy.apiwatch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: doubles from failure to failure, plus up to as much
/// again at random, so that the proxies of a cluster do not all come back at the same moment.
/// Forgets after a calm while. Knows no clock.
final class Backoff {
  private final long firstNanos;
  private final long longestNanos;
  private final long calmNanos;
  private final RandomGenerator random;
  private int failures;
  private long lastNanos;

  Backoff(Duration first, Duration longest, Duration calmAfter, RandomGenerator random) {
    this.firstNanos = first.toNanos();
    this.longestNanos = longest.toNanos();
    this.calmNanos = calmAfter.toNanos();
    this.random = random;
  }

  /// The wait after one more failure, in nanoseconds, at most the longest one.
  ///
  /// @param nowNanos monotonic time of the failure
  long next(long nowNanos) {
    if (failures > 0 && nowNanos - lastNanos > calmNanos) {
      failures = 0;
    }
    lastNanos = nowNanos;
    long base = firstNanos;
    for (int i = 0; i < failures && base < longestNanos; i++) {
      base *= 2;
    }
    failures++;
    long jitter = (long) (random.nextDouble() * base);
    return Math.min(longestNanos, base + jitter);
  }
}
