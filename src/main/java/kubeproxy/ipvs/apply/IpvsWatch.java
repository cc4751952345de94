package kubeproxy.ipvs.apply;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.model.IpFamily;

/// Looks from time to time whether connections have ended that were waited for, or somebody changed
/// what is ours, on a daemon thread of its own: the kernel tells of neither. Also whenever
/// addresses of the node may have changed.
public final class IpvsWatch implements Closeable {
  /// A look at very many virtual servers takes long; it is to be rested so many times as long.
  private static final int REST = 10;

  private final IpvsPort eyes;
  private final IpvsDataplane dataplane;
  private final Duration period;
  private final Consumer<IpFamily> drift;
  private final Consumer<Throwable> failure;
  private final Semaphore nudges = new Semaphore(0);
  private volatile boolean closed;

  private IpvsWatch(
      IpvsPort eyes,
      IpvsDataplane dataplane,
      Duration period,
      Consumer<IpFamily> drift,
      Consumer<Throwable> failure) {
    this.eyes = eyes;
    this.dataplane = dataplane;
    this.period = period;
    this.drift = drift;
    this.failure = failure;
  }

  /// Begins to look.
  ///
  /// @param eyes for the thread alone
  /// @param period between two looks
  /// @param drift is told the family when there is something to do
  /// @param failure is told of a mistake in the program that ended the thread
  public static IpvsWatch start(
      IpvsPort eyes,
      IpvsDataplane dataplane,
      Duration period,
      Consumer<IpFamily> drift,
      Consumer<Throwable> failure) {
    IpvsWatch watch = new IpvsWatch(eyes, dataplane, period, drift, failure);
    Thread.ofPlatform().name("ipvs-watch-" + dataplane.family()).daemon().start(watch::run);
    return watch;
  }

  /// Looks soon. Any thread.
  public void nudge() {
    nudges.release();
  }

  private void run() {
    try {
      long rest = period.toNanos();
      while (!closed) {
        if (nudges.tryAcquire(rest, TimeUnit.NANOSECONDS)) {
          nudges.drainPermits();
        }
        if (!closed) {
          long start = System.nanoTime();
          look();
          rest = Math.max(period.toNanos(), REST * (System.nanoTime() - start));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // without the watch nothing would be waited for any more, and nobody would know
      failure.accept(e);
    }
  }

  private void look() {
    long generation = dataplane.generation();
    try {
      Observed observed = eyes.observe();
      if (dataplane.isOutOfDate(observed, generation)) {
        drift.accept(dataplane.family());
      }
    } catch (IOException e) {
      // What cannot be seen now is looked at next time; the sync loop meets lasting failures.
    }
  }

  @Override
  public void close() {
    closed = true;
    nudges.release();
  }
}
