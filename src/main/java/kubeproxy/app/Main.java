package kubeproxy.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import kubeproxy.config.CommandLine;
import kubeproxy.config.CommandLine.Request;
import kubeproxy.config.Completion;
import kubeproxy.config.ConfigFileFlags;
import kubeproxy.config.ConfigurationText;
import kubeproxy.config.FlagValues;
import kubeproxy.config.ProxyOptions;
import kubeproxy.logging.KlogLogger;
import kubeproxy.logging.Logger;
import kubeproxy.logging.Verbosity;

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
          case Request.Start(FlagValues flags, List<String> notices) -> {
            notices.forEach(standardError()::println);
            yield start(flags);
          }
        };
    System.exit(code);
  }

  private static int start(FlagValues flags) {
    Logger early = logger(new Verbosity(0));
    Optional<ConfigurationText> file;
    try {
      file = configurationFile(flags);
    } catch (IOException e) {
      early.error(null, "command failed", "err", "failed complete: " + e);
      return FAILURE;
    }
    return switch (Completion.complete(flags, file)) {
      case Completion.Result.Incomplete(String reason) -> {
        early.error(null, "command failed", "err", reason);
        yield FAILURE;
      }
      case Completion.Result.Complete complete -> run(complete, flags);
    };
  }

  private static Optional<ConfigurationText> configurationFile(FlagValues flags)
      throws IOException {
    String path = flags.get(ConfigFileFlags.CONFIG);
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(new ConfigurationText(path, Files.readString(Path.of(path))));
  }

  private static int run(Completion.Result.Complete complete, FlagValues flags) {
    ProxyOptions options = complete.options();
    Logger log = logger(new Verbosity(options.logging().verbosity()));
    complete.warnings().forEach(line -> log.warn(line));
    flags.describe().forEach(line -> log.v(1).info(line));
    try (ProxyServer server = new ProxyServer(options, log)) {
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

  private static Logger logger(Verbosity verbosity) {
    return new KlogLogger(
        new KlogLogger.Sink(
            new FileOutputStream(FileDescriptor.err),
            Clock.system(ZoneId.systemDefault()),
            ProcessHandle.current().pid()),
        verbosity);
  }

  private static PrintStream standardError() {
    return stream(FileDescriptor.err);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
