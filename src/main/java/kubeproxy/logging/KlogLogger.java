package kubeproxy.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes klog's text format, one `write` call per line, so that lines of several threads or
/// processes do not mix.
public final class KlogLogger implements Logger {
  private static final String OWN_CLASS = KlogLogger.class.getName();
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final Sink sink;
  private final Verbosity verbosity;
  private final @Nullable Object[] appended;

  /// What all loggers of a process share.
  ///
  /// @param output where lines go; written to by one thread at a time, and flushed after each line
  /// @param clock the time of a line, in the clock's zone
  /// @param processId the number in the header
  public record Sink(OutputStream output, Clock clock, long processId) {}

  /// A logger without state of its own.
  public KlogLogger(Sink sink, Verbosity verbosity) {
    this(sink, verbosity, new Object[0]);
  }

  private KlogLogger(Sink sink, Verbosity verbosity, @Nullable Object[] appended) {
    this.sink = sink;
    this.verbosity = verbosity;
    this.appended = appended;
  }

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public Logger v(int level) {
    return level <= verbosity.level() ? this : SILENT;
  }

  @Override
  public Logger limited(LogLimit limit) {
    long suppressed = limit.acquire();
    if (suppressed < 0) {
      return SILENT;
    }
    if (suppressed == 0) {
      return this;
    }
    return new KlogLogger(
        sink, verbosity, new Object[] {"limit", limit.name(), "suppressed", suppressed});
  }

  @Override
  public void info(String message, @Nullable Object... keysAndValues) {
    write(Severity.INFO, message, null, keysAndValues);
  }

  @Override
  public void info(String message) {
    write(Severity.INFO, message, null, new Object[0]);
  }

  @Override
  public void info(String message, String key, @Nullable Object value) {
    write(Severity.INFO, message, null, new @Nullable Object[] {key, value});
  }

  @Override
  public void info(
      String message, String key1, @Nullable Object value1, String key2, @Nullable Object value2) {
    write(Severity.INFO, message, null, new @Nullable Object[] {key1, value1, key2, value2});
  }

  @Override
  public void warn(String message, @Nullable Object... keysAndValues) {
    write(Severity.WARNING, message, null, keysAndValues);
  }

  @Override
  public void error(@Nullable Throwable error, String message, @Nullable Object... keysAndValues) {
    write(Severity.ERROR, message, error, keysAndValues);
  }

  private void write(
      Severity severity,
      String message,
      @Nullable Throwable error,
      @Nullable Object[] keysAndValues) {
    KlogLine line = new KlogLine();
    line.header(severity, sink.clock(), sink.processId(), caller());
    line.message(message);
    if (error != null) {
      line.pair("err", error);
    }
    line.pairs(keysAndValues);
    line.pairs(appended);
    byte[] bytes = line.end().getBytes(StandardCharsets.UTF_8);
    synchronized (sink.output()) {
      try {
        sink.output().write(bytes);
        sink.output().flush();
      } catch (IOException _) {
        // There is no better place to complain, and a full disk must not stop the proxy.
      }
    }
  }

  /// File and line of whoever called the logger: the first frame outside this class.
  private static String caller() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !frame.getClassName().equals(OWN_CLASS))
            .findFirst()
            .map(KlogLogger::position)
            .orElse("???:1"));
  }

  private static String position(StackFrame frame) {
    return frame.getFileName() + ":" + frame.getLineNumber();
  }

  @Override
  public String toString() {
    return "KlogLogger" + Arrays.toString(appended);
  }
}
