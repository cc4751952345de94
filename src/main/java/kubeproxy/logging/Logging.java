package kubeproxy.logging;

import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything that writes log lines, made from [LoggingOptions]. Safe for any thread.
///
/// A thread exists only if something is kept in buffers: files, or information for standard output.
public final class Logging implements AutoCloseable {
  /// What klog grants its output at the end.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Verbosity verbosity;
  private final LogOutput output;
  private final Logger logger;
  private final Optional<LogFlusher> flusher;

  private Logging(LoggingOptions options, LineFormat format, LogOutput output, Clock clock) {
    this.verbosity = new Verbosity(options.verbosity());
    this.output = output;
    this.logger = StructuredLogger.create(verbosity, format, output, clock);
    this.flusher =
        output.keeps()
            ? Optional.of(new LogFlusher(output, options.flushFrequency(), PATIENCE))
            : Optional.empty();
    if (options.format() == LogFormat.TEXT) {
      verbosity.setFiles(options.vmodule());
    }
  }

  /// Starts logging. Files are opened by the first line; that they cannot be opened is no error.
  ///
  /// @param clock the time of lines and of files, in the clock's zone
  /// @param processId in the header of lines and in the names of files
  /// @param stdout written to by one thread at a time, and flushed after each write; not closed
  /// @param stderr likewise
  public static Logging open(
      LoggingOptions options,
      Clock clock,
      long processId,
      OutputStream stdout,
      OutputStream stderr) {
    LineFormat format =
        switch (options.format()) {
          case TEXT -> new TextFormat(clock.getZone(), processId, options.klog());
          case JSON -> new JsonFormat();
        };
    LogOutput errors = new StreamOutput(stderr, 0);
    LogOutput output;
    if (options.format() == LogFormat.TEXT && !options.klog().logToStderr()) {
      Logger complaints = StructuredLogger.create(new Verbosity(0), format, errors, clock);
      LogFileNames names =
          LogFileNames.ofThisMachine(options.klog().logDir(), processId, clock.getZone());
      output = new FileOutput(new LogFile.Setup(options.klog(), names, errors, complaints), clock);
    } else if (options.streams().split()) {
      Severity lowest = options.format() == LogFormat.TEXT ? Severity.WARNING : Severity.ERROR;
      LogOutput infos = new StreamOutput(stdout, options.streams().infoBufferBytes());
      output = new SplitOutput(infos, errors, lowest);
    } else {
      output = errors;
    }
    Logging logging = new Logging(options, format, output, clock);
    logging.flusher.ifPresent(LogFlusher::start);
    return logging;
  }

  /// Where to log. It also works after [#close], without buffers.
  public Logger logger() {
    return logger;
  }

  /// Changes which lines are written from now on.
  ///
  /// @param level 0 or more
  public void setVerbosity(int level) {
    verbosity.set(level);
  }

  /// Changes the exceptions from the verbosity. Unlike the flag it works in every format.
  public void setVmodule(List<VmodulePattern> patterns) {
    verbosity.setFiles(patterns);
  }

  /// Writes what is in buffers.
  public void flush() {
    output.flush();
  }

  /// Writes what is in buffers, unless whoever reads the output has stopped doing so: waiting for
  /// that has a bound.
  @Override
  public void close() {
    flusher.ifPresent(LogFlusher::close);
  }
}
