package kubeproxy.logging;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Hands whole lines to an output.
final class StructuredLogger implements Logger {
  private static final String MISSING = "(MISSING)";
  private static final @Nullable Object[] NOTHING = {};

  /// Loggers of levels up to this one are made in advance, so that asking for one allocates
  /// nothing.
  private static final int USUAL_LEVELS = 10;

  private final Shared shared;
  private final int level;
  private final @Nullable Object[] appended;

  private StructuredLogger(Shared shared, int level, @Nullable Object[] appended) {
    this.shared = shared;
    this.level = level;
    this.appended = appended;
  }

  /// What the loggers of a process have in common.
  private static final class Shared {
    final Verbosity verbosity;
    final LineFormat format;
    final LogOutput output;
    final Clock clock;
    final StructuredLogger[] byLevel;

    Shared(Verbosity verbosity, LineFormat format, LogOutput output, Clock clock) {
      this.verbosity = verbosity;
      this.format = format;
      this.output = output;
      this.clock = clock;
      this.byLevel =
          IntStream.rangeClosed(0, USUAL_LEVELS)
              .mapToObj(each -> new StructuredLogger(this, each, NOTHING))
              .toArray(StructuredLogger[]::new);
    }
  }

  /// A logger of level 0.
  static Logger create(Verbosity verbosity, LineFormat format, LogOutput output, Clock clock) {
    return new Shared(verbosity, format, output, clock).byLevel[0];
  }

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public Logger v(int newLevel) {
    if (!shared.verbosity.allows(newLevel)) {
      return SILENT;
    }
    if (appended.length == 0 && newLevel >= 0 && newLevel <= USUAL_LEVELS) {
      return shared.byLevel[newLevel];
    }
    return new StructuredLogger(shared, newLevel, appended);
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
    return new StructuredLogger(
        shared, level, new Object[] {"limit", limit.name(), "suppressed", suppressed});
  }

  @Override
  public void info(String message, @Nullable Object... keysAndValues) {
    write(Severity.INFO, message, null, keysAndValues);
  }

  @Override
  public void info(String message) {
    write(Severity.INFO, message, null, NOTHING);
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
    LogEvent event =
        new LogEvent(
            severity,
            severity == Severity.INFO ? level : 0,
            shared.clock.instant(),
            CallSite.here(),
            message,
            error,
            complete(keysAndValues));
    byte[] line = shared.format.line(event).getBytes(StandardCharsets.UTF_8);
    shared.output.write(severity, line);
  }

  /// With a value for the last key, and with what this logger adds.
  private @Nullable Object[] complete(@Nullable Object[] keysAndValues) {
    int length = keysAndValues.length;
    int even = length + length % 2;
    if (even == length && appended.length == 0) {
      return keysAndValues;
    }
    @Nullable Object[] pairs = Arrays.copyOf(keysAndValues, even + appended.length);
    if (even != length) {
      pairs[length] = MISSING;
    }
    System.arraycopy(appended, 0, pairs, even, appended.length);
    return pairs;
  }

  @Override
  public String toString() {
    return "StructuredLogger[level=" + level + ", appended=" + Arrays.toString(appended) + "]";
  }
}
