package kubeproxy.testing;

import java.time.Duration;
import java.util.function.LongSupplier;

/// A clock that moves when told to. Starts at zero.
public final class ManualClock implements LongSupplier {
  private long nanos;

  @Override
  public long getAsLong() {
    return nanos;
  }

  /// Lets time pass.
  public void advance(Duration duration) {
    nanos += duration.toNanos();
  }

  /// Lets time pass until then; not at all if that is past.
  public void advanceTo(long then) {
    nanos = Math.max(nanos, then);
  }
}
