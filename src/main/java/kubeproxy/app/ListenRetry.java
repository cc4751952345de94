package kubeproxy.app;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kubeproxy.model.IpFamily;

/// Has families looked at again in which something could not be listened on: the kernel does not
/// tell when a port becomes free. Safe for any thread.
final class ListenRetry implements AutoCloseable {

  /// Looking again costs as much as any look at what is installed, and a port that another process
  /// has seldom becomes free.
  static final Duration PERIOD = Duration.ofMinutes(1);

  private final Consumer<IpFamily> again;
  private final Map<IpFamily, BooleanSupplier> waiting = new EnumMap<>(IpFamily.class);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("listen-retry").factory());

  /// @param again is told of a family in which to try again
  ListenRetry(Consumer<IpFamily> again) {
    this(again, PERIOD);
  }

  /// @param period between two looks
  ListenRetry(Consumer<IpFamily> again, Duration period) {
    this.again = again;
    long millis = period.toMillis();
    var _ = timer.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  /// @param isWaiting whether something is to be tried again; any thread
  synchronized void watch(IpFamily family, BooleanSupplier isWaiting) {
    waiting.put(family, isWaiting);
  }

  private synchronized void look() {
    waiting.forEach((family, isWaiting) -> {
      if (isWaiting.getAsBoolean()) {
        again.accept(family);
      }
    });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
