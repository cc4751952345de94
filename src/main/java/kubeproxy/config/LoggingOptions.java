package kubeproxy.config;

import java.time.Duration;
import java.util.List;

/// What is logged, and where to.
///
/// @param format how lines look
/// @param flushFrequency longest time that lines may stay in a buffer; positive
/// @param verbosity log level, 0 or more
/// @param modules levels of single source files, the first match counts
/// @param text streams of the text format
/// @param json streams of the JSON format
/// @param files the flags of older releases about log files
public record LoggingOptions(
    Format format,
    Duration flushFrequency,
    int verbosity,
    List<ModuleLevel> modules,
    Streams text,
    Streams json,
    Files files) {

  public LoggingOptions {
    modules = List.copyOf(modules);
  }

  /// How lines look.
  public enum Format {
    /// The lines of klog.
    TEXT,
    /// One JSON object on each line.
    JSON
  }

  /// Which streams of the process lines go to.
  ///
  /// @param split whether only errors go to standard error, the rest to standard output
  /// @param infoBufferBytes size of the buffer of standard output; 0 for none
  public record Streams(boolean split, long infoBufferBytes) {}

  /// Log files, as klog had them until 1.25.
  ///
  /// @param toStderr to standard error instead of files
  /// @param alsoToStderr to standard error and to files
  /// @param directory where files are made; empty for the folder for temporary files
  /// @param file the one file for everything; empty for files by severity in `directory`
  /// @param maxMegabytes size at which `file` is begun anew, an unsigned number; 0 for no limit
  /// @param stderrThreshold least severity that goes to standard error too: 0 INFO, 1 WARNING,
  ///   2 ERROR, 3 FATAL; other numbers are possible
  /// @param oneOutput whether a line is written only to the file of its own severity
  /// @param skipHeaders whether lines have no prefix
  /// @param skipLogHeaders whether files have no heading
  /// @param addDirHeader whether lines name the folder of the source file
  /// @param backtraceAt the line of a source file that logs a stack trace too, as
  ///   `SyncLoop.java:52`; `:0` for none
  public record Files(
      boolean toStderr,
      boolean alsoToStderr,
      String directory,
      String file,
      long maxMegabytes,
      int stderrThreshold,
      boolean oneOutput,
      boolean skipHeaders,
      boolean skipLogHeaders,
      boolean addDirHeader,
      String backtraceAt) {}
}
