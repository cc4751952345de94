package kubeproxy.apiclient;

import java.util.function.LongSupplier;

/// Allows so many things per second on average, and some at once after a rest. Starts full. Safe
/// for any thread; never waits itself.
public final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perNano;
  private final int burst;
  private final LongSupplier nanoTime;
  private double tokens;
  private long filledNanos;

  /// A full bucket.
  ///
  /// @param perSecond how many come back in a second; positive
  /// @param burst how many there are at most; positive
  /// @param nanoTime a monotonic clock in nanoseconds
  public TokenBucket(double perSecond, int burst, LongSupplier nanoTime) {
    if (!(perSecond > 0) || burst <= 0) {
      throw new IllegalArgumentException("allows nothing: " + perSecond + " per s, " + burst);
    }
    this.perNano = perSecond / NANOS_PER_SECOND;
    this.burst = burst;
    this.nanoTime = nanoTime;
    tokens = burst;
    filledNanos = nanoTime.getAsLong();
  }

  /// Takes a token if there is one.
  public synchronized boolean tryTake() {
    fill();
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /// Takes the next token, which may be one of the future, and returns the nanoseconds until then.
  public synchronized long takeNext() {
    fill();
    tokens--;
    return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perNano);
  }

  /// Puts back a token that was taken and not made use of.
  public synchronized void giveBack() {
    tokens = Math.min(burst, tokens + 1);
  }

  private void fill() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(burst, tokens + (now - filledNanos) * perNano);
    filledNanos = now;
  }
}
