package kubeproxy.logging;

import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Files, one per severity or one for all, and standard error for what is bad enough.
final class FileOutput implements LogOutput {
  private final LogFile.Setup setup;
  private final Map<Severity, LogFile> files = new EnumMap<>(Severity.class);
  private boolean closed;

  /// Opens nothing; that is done by the first line.
  FileOutput(LogFile.Setup setup, Clock clock) {
    this.setup = setup;
    List<Severity> severities =
        setup.single()
            ? List.of(Severity.INFO)
            : List.of(Severity.INFO, Severity.WARNING, Severity.ERROR);
    severities.forEach(each -> files.put(each, new LogFile(setup, each, clock)));
  }

  @Override
  public synchronized void write(Severity severity, byte[] line) {
    KlogOptions options = setup.options();
    boolean shown = options.alsoLogToStderr() || severity.atLeast(options.stderrThreshold());
    if (shown) {
      setup.fallback().write(severity, line);
    }
    files.forEach((each, file) -> {
      boolean its = options.oneOutput() ? each == severity : severity.atLeast(each);
      if (its || setup.single()) {
        file.write(line, shown);
      }
    });
    if (closed || severity.atLeast(Severity.ERROR)) {
      files.values().forEach(LogFile::flush);
    }
  }

  @Override
  public synchronized void flush() {
    for (LogFile file : files.values()) {
      file.flush();
      file.tryAgain();
    }
  }

  @Override
  public boolean keeps() {
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    files.values().forEach(LogFile::close);
  }
}
