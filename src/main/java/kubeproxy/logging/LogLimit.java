package kubeproxy.logging;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Allows one line per interval for something that may repeat without end. Safe for any thread.
public final class LogLimit {
  private final String name;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private boolean used;
  private long lastNanos;
  private long suppressed;

  /// A limit that allows its first line at once.
  ///
  /// @param name says in the log which limit held lines back
  /// @param interval the least time between two lines
  /// @param nanoTime a monotonic clock in nanoseconds, such as `System::nanoTime`
  public LogLimit(String name, Duration interval, LongSupplier nanoTime) {
    this.name = name;
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
  }

  /// The name.
  public String name() {
    return name;
  }

  /// Asks for one line: how many were held back since the last one, or -1 if this one is too.
  synchronized long acquire() {
    long now = nanoTime.getAsLong();
    if (used && now - lastNanos < intervalNanos) {
      suppressed++;
      return -1;
    }
    used = true;
    lastNanos = now;
    long held = suppressed;
    suppressed = 0;
    return held;
  }
}
