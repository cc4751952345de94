package kubeproxy.kernel.signal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What is still to be done when the process ends, by a signal or by itself, within a time: then it
/// ends whatever became of it.
public final class LastWords {

  private LastWords() {}

  /// Registers what to do.
  ///
  /// @param action runs on a thread of its own
  /// @param patience how long the end waits for it
  public static void register(Runnable action, Duration patience) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("end").unstarted(() -> runWithin(action, patience)));
  }

  private static void runWithin(Runnable action, Duration patience) {
    CountDownLatch done = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .name("last-words")
        .start(() -> {
          try {
            action.run();
          } finally {
            done.countDown();
          }
        });
    try {
      boolean _ = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      // The end cannot be put off any longer.
    }
  }
}
