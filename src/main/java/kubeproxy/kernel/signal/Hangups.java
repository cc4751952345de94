package kubeproxy.kernel.signal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.SignalLatch;

/// Does something whenever SIGHUP comes, on a thread of its own, named `signals`. Signals that come
/// while it is being done are one more time afterwards.
public final class Hangups implements AutoCloseable {
  private static final int SIGHUP = 1;

  /// How long a signal may go unheard. Twice a second costs a node nothing, and nobody waits for
  /// half a second.
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final SignalLatch latch;
  private final Runnable action;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Hangups(SignalLatch latch, Runnable action) {
    this.latch = latch;
    this.action = action;
  }

  /// Takes SIGHUP over from the virtual machine, which would end the process. Until this returns it
  /// still does, so call it early.
  ///
  /// @param action must not throw
  /// @throws KernelException if the signal cannot be taken over
  public static Hangups start(Runnable action) throws KernelException {
    Hangups hangups = new Hangups(new SignalLatch(SIGHUP), action);
    Thread.ofPlatform().daemon().name("signals").start(hangups::run);
    return hangups;
  }

  private void run() {
    try {
      while (!closed.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
        if (latch.take()) {
          action.run();
        }
      }
    } catch (InterruptedException | KernelException _) {
      // Nobody interrupts it, and what worked once for this signal always does.
    }
  }

  /// Does nothing any more. The signal stays without effect.
  @Override
  public void close() {
    closed.countDown();
  }
}
