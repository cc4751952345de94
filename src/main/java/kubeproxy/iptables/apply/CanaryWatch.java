package kubeproxy.iptables.apply;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.IpFamily;

/// Looks from time to time whether the chain KUBE-PROXY-CANARY, which nobody but a flush of whole
/// tables removes, is still there, on a daemon thread of its own.
public final class CanaryWatch implements AutoCloseable {
  /// Who flushes tables does one after the other; to repair one before the next is flushed would be
  /// for nothing. As upstream, no longer than this is waited for the others.
  private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(5);

  private static final Duration FLUSH_SPACING = Duration.ofMillis(100);

  private final HostIptables iptables;
  private final IpFamily family;
  private final Duration period;
  private final Consumer<IpFamily> drift;
  private final Consumer<Throwable> failure;
  private final CountDownLatch closed = new CountDownLatch(1);

  private CanaryWatch(
      HostIptables iptables,
      IpFamily family,
      Duration period,
      Consumer<IpFamily> drift,
      Consumer<Throwable> failure) {
    this.iptables = iptables;
    this.family = family;
    this.period = period;
    this.drift = drift;
    this.failure = failure;
  }

  /// Begins to watch in the network namespace of the calling thread. As long as the canary has not
  /// been written or seen, its absence means nothing.
  ///
  /// @param iptables by which the canary is written
  /// @param period between two looks
  /// @param drift is told the family when the canary is gone
  /// @param failure is told of a mistake in the program that ended the thread
  public static CanaryWatch start(
      HostIptables iptables,
      IpFamily family,
      Duration period,
      Consumer<IpFamily> drift,
      Consumer<Throwable> failure) {
    CanaryWatch watch = new CanaryWatch(iptables, family, period, drift, failure);
    Thread.ofPlatform().name("canary-watch-" + family).daemon().start(watch::run);
    return watch;
  }

  private void run() {
    try {
      while (!closed.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Otherwise a flush would go unnoticed for ever, and nobody would know.
      failure.accept(e);
    }
  }

  private void look() throws InterruptedException {
    if (iptables.canaryExpected() && !iptables.canaryLives(Table.MANGLE)) {
      awaitEndOfFlush();
      iptables.forgetCanary();
      drift.accept(family);
    }
  }

  private void awaitEndOfFlush() throws InterruptedException {
    List<Table> others =
        HostIptables.canaryTables().stream().filter(table -> table != Table.MANGLE).toList();
    long rounds = FLUSH_PATIENCE.dividedBy(FLUSH_SPACING);
    for (long i = 0; i < rounds && anyLives(others); i++) {
      if (closed.await(FLUSH_SPACING.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  private boolean anyLives(List<Table> tables) throws InterruptedException {
    for (Table table : tables) {
      if (iptables.canaryLives(table)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
