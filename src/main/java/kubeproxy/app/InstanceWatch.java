package kubeproxy.app;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.unix.HeldName;
import kubeproxy.kernel.unix.HeldName.Attempt;
import kubeproxy.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Notices another kube-proxy of this kind on the same node: two that program one kernel undo each
/// other's work. It warns and goes on, because during an update two overlap on purpose; and tells
/// when the other one has ended.
final class InstanceWatch implements AutoCloseable {
  private static final String NAME = "kube-proxy/instance";
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final String WARNING =
      "Another kube-proxy programs this node; each will undo what the other does";
  private static final String UNSEEN = "in another container";

  private final Logger log;
  private final Consumer<String> warned;
  private final Duration retry;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object lock = new Object();
  private @Nullable HeldName held;

  /// @param warned is told too, besides the log, that there is another one
  InstanceWatch(Logger log, Consumer<String> warned) {
    this(log, warned, RETRY);
  }

  /// @param retry how often to look whether the other one is still there
  InstanceWatch(Logger log, Consumer<String> warned, Duration retry) {
    this.log = log;
    this.warned = warned;
    this.retry = retry;
  }

  /// Looks, in the network namespace of the calling thread, and goes on looking on a thread of its
  /// own, named `instance`, as long as there is another one.
  void start() {
    if (!isAlone()) {
      warn();
      Thread.ofPlatform().daemon().name("instance").start(this::run);
    }
  }

  private void warn() {
    OptionalInt process = OptionalInt.empty();
    try {
      process = HeldName.holder(NAME);
    } catch (KernelException e) {
      log.v(2).info("Cannot tell which process it is", "err", e.toString());
    }
    String which = process.isPresent() ? Integer.toString(process.getAsInt()) : UNSEEN;
    log.warn(WARNING, "process", which);
    warned.accept(WARNING + " (process: " + which + ")");
  }

  private void run() {
    try {
      while (!closed.await(retry.toNanos(), TimeUnit.NANOSECONDS)) {
        if (isAlone()) {
          log.info("The other kube-proxy on this node has ended");
          return;
        }
      }
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }

  /// Whether there is no other one, or no telling.
  private boolean isAlone() {
    synchronized (lock) {
      if (closed.getCount() == 0) {
        return false;
      }
      try {
        return switch (HeldName.tryToHold(NAME)) {
          case Attempt.Held(HeldName name) -> {
            held = name;
            yield true;
          }
          case Attempt.Taken() -> false;
        };
      } catch (KernelException e) {
        log.v(2).info("Cannot look for another kube-proxy on this node", "err", e.toString());
        return true;
      }
    }
  }

  @Override
  public void close() throws KernelException {
    closed.countDown();
    synchronized (lock) {
      HeldName name = held;
      held = null;
      if (name != null) {
        name.close();
      }
    }
  }
}
