package kubeproxy.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Collects garbage when there is as much of it as half of what is in use.
///
/// The collector of the launcher, which needs least memory of its own, lets old objects lie until
/// the heap has its full size, by default a quarter of the machine: every change of a Service or
/// an endpoint replaces some, so the process would grow for days. Looks from time to time, on a
/// virtual thread; a look costs nothing.
final class HeapLimit implements AutoCloseable {
  /// A few megabytes can gather in that time.
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /// How much garbage is let lie in any case, in bytes: more than the young generation holds.
  static final long ALLOWANCE = 24 << 20;

  private final LongSupplier used;
  private final Runnable collect;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long limit = 2 * ALLOWANCE;

  /// @param used bytes of the heap that are taken, with what is garbage
  /// @param collect frees what is garbage
  HeapLimit(LongSupplier used, Runnable collect) {
    this.used = used;
    this.collect = collect;
  }

  /// That of this process.
  static HeapLimit ofProcess() {
    Runtime runtime = Runtime.getRuntime();
    return new HeapLimit(() -> runtime.totalMemory() - runtime.freeMemory(), System::gc);
  }

  void start() {
    Thread.ofVirtual().name("heap-limit").start(this::run);
  }

  private void run() {
    try {
      while (!closed.await(INTERVAL.toNanos(), TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Collects if it is time.
  void look() {
    if (used.getAsLong() > limit) {
      collect.run();
      long live = used.getAsLong();
      limit = live + live / 2 + ALLOWANCE;
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
