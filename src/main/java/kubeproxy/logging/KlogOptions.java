package kubeproxy.logging;

import java.util.Optional;

/// The options of klog itself, which kube-proxy had up to 1.25. They have an effect in the text
/// format only.
///
/// @param logToStderr true: lines go to the standard streams and nothing here about files counts
/// @param alsoLogToStderr whether standard error gets every line that goes to files
/// @param stderrThreshold from which severity on it gets lines that go to files
/// @param logDir folder of the files; empty for that of temporary files
/// @param logFile if not empty, the one file for everything, instead of one per severity
/// @param logFileMaxMebibytes how far a file grows before the next one is begun; 0 for no limit. A
///   `logFile` is emptied instead
/// @param oneOutput true: only into the file of the line's own severity; false: into those of lower
///   ones too, so that the file for information has everything
/// @param skipHeaders no severity, time, and place in front of a message
/// @param skipLogHeaders no description at the top of a file
/// @param addDirHeader the folder in front of the name of the source file
/// @param backtraceAt where a stack trace follows the line
public record KlogOptions(
    boolean logToStderr,
    boolean alsoLogToStderr,
    Severity stderrThreshold,
    String logDir,
    String logFile,
    long logFileMaxMebibytes,
    boolean oneOutput,
    boolean skipHeaders,
    boolean skipLogHeaders,
    boolean addDirHeader,
    Optional<SourceLine> backtraceAt) {
  /// What holds if no flag is given.
  public static final KlogOptions DEFAULTS =
      new KlogOptions(
          true, false, Severity.ERROR, "", "", 1800, false, false, false, false, Optional.empty());
}
