package kubeproxy.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.logging.Logger;

/// Why the process ends by itself, and with which exit code. Any thread may ask for it.
final class ProcessEnd {
  private final Logger log;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger exitCode = new AtomicInteger();

  ProcessEnd(Logger log) {
    this.log = log;
  }

  /// Something is such that running makes no sense.
  ///
  /// @param reason for people
  void because(String reason) {
    log.error(null, "Error running ProxyServer", "err", reason);
    end();
  }

  /// A server cannot listen, and `--bind-address-hard-fail` asks for the end then.
  void withoutServer(String server, IOException reason) {
    log.error(reason, "Error running ProxyServer", "server", server);
    end();
  }

  /// The configuration file has changed, and `--config-reload=exit` asks for the end then.
  ///
  /// @param file its name
  void forRestart(String file) {
    log.error(
        null,
        "Error running ProxyServer",
        "file",
        file,
        "err",
        "content of the proxy server's configuration file was updated");
    end();
  }

  /// A mistake in the program: what the process believes may be wrong.
  ///
  /// @param thread where it happened
  void fatal(String thread, Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    log.error(
        cause,
        "Stopping after an error in the program; what is installed stays in the kernel",
        "thread",
        thread,
        "trace",
        trace.toString());
    end();
  }

  private void end() {
    exitCode.set(Command.FAILURE);
    ended.countDown();
  }

  /// Waits until the process is to end by itself.
  ///
  /// @return the exit code of the process
  int await() throws InterruptedException {
    ended.await();
    return exitCode.get();
  }
}
