package kubeproxy.logging;

import java.time.Duration;
import java.util.List;

/// What is logged, how, and where to.
///
/// @param verbosity level of the lines that are written, 0 or more (`-v`)
/// @param vmodule exceptions for some source files; the first that matches counts. Text format only
/// @param flushFrequency how long a line may stay in a buffer, more than nothing; errors never do
/// @param text where lines go in the text format
/// @param json where lines go in the JSON format
/// @param klog files, and details of the text format
public record LoggingOptions(
    int verbosity,
    List<VmodulePattern> vmodule,
    Duration flushFrequency,
    LogFormat format,
    LogStreams text,
    LogStreams json,
    KlogOptions klog) {
  /// What holds if no flag is given: text to standard error, verbosity 0.
  public static final LoggingOptions DEFAULTS =
      new LoggingOptions(
          0,
          List.of(),
          Duration.ofSeconds(5),
          LogFormat.TEXT,
          LogStreams.STANDARD_ERROR,
          LogStreams.STANDARD_ERROR,
          KlogOptions.DEFAULTS);

  /// Rejects what validation should not have let through.
  public LoggingOptions {
    if (verbosity < 0 || flushFrequency.isNegative() || flushFrequency.isZero()) {
      throw new IllegalArgumentException("out of range: " + verbosity + ", " + flushFrequency);
    }
    vmodule = List.copyOf(vmodule);
  }

  /// The same with another verbosity.
  public LoggingOptions withVerbosity(int level) {
    return new LoggingOptions(level, vmodule, flushFrequency, format, text, json, klog);
  }

  /// Where lines go in the format that is used.
  LogStreams streams() {
    return switch (format) {
      case TEXT -> text;
      case JSON -> json;
    };
  }
}
