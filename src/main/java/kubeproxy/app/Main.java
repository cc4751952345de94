package kubeproxy.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import kubeproxy.config.CommandLine;
import kubeproxy.config.CommandLine.Request;
import kubeproxy.logging.Logger;
import kubeproxy.logging.Logging;
import kubeproxy.logging.LoggingOptions;

/// Entry point of the process. Exits with 0 when it did what it was asked for, with 1 otherwise.
public final class Main {
  private static final int FAILURE = 1;

  private Main() {}

  /// Runs kube-proxy.
  public static void main(String[] args) {
    int code =
        switch (CommandLine.parse(List.of(args))) {
          case Request.Print(String text) -> print(text);
          case Request.PrintVersion(boolean raw) -> print(Version.text(raw));
          case Request.Misused(String text) -> {
            standardError().print(text);
            yield FAILURE;
          }
          case Request.Refused(String reason, List<String> notices) -> {
            notices.forEach(standardError()::println);
            try (Logging logging = logging(LoggingOptions.DEFAULTS)) {
              logging.logger().error(null, "command failed", "err", reason);
            }
            yield FAILURE;
          }
          case Request.Run run -> run(run);
        };
    System.exit(code);
  }

  private static int run(Request.Run run) {
    run.notices().forEach(standardError()::println);
    int verbosity = run.options().process().verbosity();
    try (Logging logging = logging(LoggingOptions.DEFAULTS.withVerbosity(verbosity))) {
      return run(run, logging.logger());
    }
  }

  private static int run(Request.Run run, Logger log) {
    run.flags().describe().forEach(line -> log.v(1).info(line));
    try (ProxyServer server = new ProxyServer(run.options(), log)) {
      server.start();
      return server.awaitEnd();
    } catch (StartupException e) {
      log.error(e.getCause(), "Error running ProxyServer", "reason", e.getMessage());
      return FAILURE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILURE;
    }
  }

  private static int print(String text) {
    try (PrintStream out = stream(FileDescriptor.out)) {
      out.print(text);
    }
    return 0;
  }

  private static Logging logging(LoggingOptions options) {
    return Logging.open(
        options,
        Clock.system(ZoneId.systemDefault()),
        ProcessHandle.current().pid(),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }

  private static PrintStream standardError() {
    return stream(FileDescriptor.err);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
