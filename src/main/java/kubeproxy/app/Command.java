package kubeproxy.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import kubeproxy.config.Completion;
import kubeproxy.config.ConfigFileFlags;
import kubeproxy.config.ConfigurationText;
import kubeproxy.config.FlagValues;
import kubeproxy.config.v1alpha1.ConfigurationWriter;
import kubeproxy.kernel.signal.LastWords;
import kubeproxy.logging.Logger;
import kubeproxy.logging.Logging;
import kubeproxy.logging.LoggingOptions;

/// What the process does with flags that could be read: completes them with the configuration file,
/// begins to log, and then writes the configuration, cleans up, initialises, or proxies.
final class Command {
  static final int FAILURE = 1;

  /// Log lines that are still in buffers get this long at the end.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final FlagValues flags;

  Command(FlagValues flags) {
    this.flags = flags;
  }

  /// Does it.
  ///
  /// @return the exit code
  int run() {
    Optional<ConfigurationText> file;
    try {
      file = configurationFile();
    } catch (IOException e) {
      return refused("failed complete: " + describe("read", flags.get(ConfigFileFlags.CONFIG), e));
    }
    return switch (Completion.complete(flags, file)) {
      case Completion.Result.Incomplete(String reason) -> refused(reason);
      case Completion.Result.Complete complete -> run(complete, file);
    };
  }

  /// Before the logging options are known, or where they are wrong, lines look as by default.
  private static int refused(String reason) {
    try (Logging logging = open(LoggingOptions.DEFAULTS)) {
      logging.logger().error(null, "command failed", "err", reason);
    }
    return FAILURE;
  }

  private Optional<ConfigurationText> configurationFile() throws IOException {
    String path = flags.get(ConfigFileFlags.CONFIG);
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(new ConfigurationText(path, Files.readString(Path.of(path))));
  }

  private static String describe(String what, String file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "open " + file + ": no such file or directory";
      case AccessDeniedException _ -> "open " + file + ": permission denied";
      case CharacterCodingException _ -> what + " " + file + ": it is not in UTF-8";
      case FileSystemException other when other.getReason() != null ->
          what + " " + file + ": " + other.getReason();
      default -> what + " " + file + ": " + e.getMessage();
    };
  }

  private int run(Completion.Result.Complete complete, Optional<ConfigurationText> file) {
    try (Logging logging = open(LoggingSetup.of(complete.options().logging()))) {
      LastWords.register(logging::flush, LAST_WORDS);
      Logger log = logging.logger();
      complete.warnings().forEach(line -> log.warn(line));
      flags.describe().forEach(line -> log.v(1).info(line));
      return act(complete, file, logging);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILURE;
    }
  }

  private int act(
      Completion.Result.Complete complete, Optional<ConfigurationText> file, Logging logging)
      throws InterruptedException {
    Logger log = logging.logger();
    var actions = complete.options().actions();
    if (actions.writeConfigTo().isPresent()) {
      return write(complete, Path.of(actions.writeConfigTo().get()), log);
    }
    if (actions.cleanup()) {
      return new Cleanup(Leftovers.all(complete.options()), log).run();
    }
    try (ProxyServer server = new ProxyServer(complete, flags, file, logging)) {
      if (actions.initOnly()) {
        server.initialize();
        return 0;
      }
      server.start();
      return server.awaitEnd();
    } catch (StartupException e) {
      log.error(e.getCause(), "Error running ProxyServer", "reason", e.getMessage());
      return FAILURE;
    }
  }

  private static int write(Completion.Result.Complete complete, Path to, Logger log) {
    try {
      Files.writeString(to, ConfigurationWriter.yaml(complete.configuration()));
    } catch (IOException e) {
      log.error(null, "command failed", "err", describe("write", to.toString(), e));
      return FAILURE;
    }
    log.info("Wrote configuration", "file", to);
    return 0;
  }

  private static Logging open(LoggingOptions options) {
    return Logging.open(
        options,
        Clock.system(ZoneId.systemDefault()),
        ProcessHandle.current().pid(),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }
}
