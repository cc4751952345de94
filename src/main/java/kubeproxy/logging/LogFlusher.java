package kubeproxy.logging;

import java.time.Duration;

/// A daemon thread that flushes an output now and then.
final class LogFlusher {
  private final LogOutput output;
  private final Duration period;
  private final Duration patience;
  private final Thread thread;

  /// @param patience how long [#close] waits for an output that takes nothing any more
  LogFlusher(LogOutput output, Duration period, Duration patience) {
    this.output = output;
    this.period = period;
    this.patience = patience;
    this.thread = Thread.ofPlatform().daemon().name("log-flush").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(period);
        output.flush();
      }
    } catch (InterruptedException _) {
      output.close();
    }
  }

  /// Closes the output, if it is done within the patience.
  void close() {
    thread.interrupt();
    try {
      thread.join(patience);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
