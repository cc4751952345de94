package kubeproxy.config;

import static kubeproxy.config.FlagGroup.LOG_FILES;

import java.util.List;

/// Flags about log files, which Kubernetes had up to 1.25. In 1.17 they were hidden.
public final class LogFileFlags {

  public static final Flag<Boolean> LOGTOSTDERR =
      Flag.of(
              LOG_FILES,
              "logtostderr",
              FlagTypes.KLOG_BOOL,
              true,
              "1.17",
              "Log to standard error; with false, to files.")
          .besidesFile()
          .until("1.25");
  public static final Flag<Boolean> ALSOLOGTOSTDERR =
      Flag.of(
              LOG_FILES,
              "alsologtostderr",
              FlagTypes.KLOG_BOOL,
              false,
              "1.17",
              "With logtostderr=false: log to standard error too.")
          .besidesFile()
          .until("1.25");
  public static final Flag<String> LOG_DIR =
      Flag.of(
              LOG_FILES,
              "log-dir",
              FlagTypes.STRING,
              "",
              "1.17",
              "With logtostderr=false: folder for one log file of each severity.")
          .besidesFile()
          .until("1.25");
  public static final Flag<String> LOG_FILE =
      Flag.of(
              LOG_FILES,
              "log-file",
              FlagTypes.STRING,
              "",
              "1.17",
              "With logtostderr=false: the one log file.")
          .besidesFile()
          .until("1.25");
  public static final Flag<Long> LOG_FILE_MAX_SIZE =
      Flag.of(
              LOG_FILES,
              "log-file-max-size",
              FlagTypes.UINT64,
              1800L,
              "1.17",
              "Size in MB at which log-file is begun anew; 0 is without limit.")
          .besidesFile()
          .until("1.25");
  public static final Flag<Integer> STDERRTHRESHOLD =
      Flag.of(
              LOG_FILES,
              "stderrthreshold",
              FlagTypes.SEVERITY,
              2,
              "1.17",
              "With logtostderr=false: least severity that goes to standard error too,"
                  + " INFO, WARNING, ERROR, FATAL or 0 to 3.")
          .besidesFile()
          .until("1.25");
  public static final Flag<Boolean> ONE_OUTPUT =
      Flag.of(
              LOG_FILES,
              "one-output",
              FlagTypes.KLOG_BOOL,
              false,
              "1.20",
              "With log-dir: write a line only to the file of its own severity, not to"
                  + " those below.")
          .besidesFile()
          .until("1.25");
  public static final Flag<Boolean> SKIP_HEADERS =
      Flag.of(
              LOG_FILES,
              "skip-headers",
              FlagTypes.KLOG_BOOL,
              false,
              "1.17",
              "Leave out severity, time and place in front of each message.")
          .besidesFile()
          .until("1.25");
  public static final Flag<Boolean> SKIP_LOG_HEADERS =
      Flag.of(
              LOG_FILES,
              "skip-log-headers",
              FlagTypes.KLOG_BOOL,
              false,
              "1.17",
              "Leave out the lines at the head of each log file.")
          .besidesFile()
          .until("1.25");

  public static final Flag<Boolean> ADD_DIR_HEADER =
      Flag.of(
              LOG_FILES,
              "add-dir-header",
              FlagTypes.KLOG_BOOL,
              false,
              "1.17",
              "Folder of the source file in front of its name, in each line.")
          .besidesFile()
          .until("1.25");
  public static final Flag<String> LOG_BACKTRACE_AT =
      Flag.of(
              LOG_FILES,
              "log-backtrace-at",
              FlagTypes.LOCATION,
              ":0",
              "1.17",
              "Stack trace after what this line of this program's source logs, as"
                  + " SyncLoop.java:52.")
          .besidesFile()
          .until("1.25");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          LOGTOSTDERR,
          ALSOLOGTOSTDERR,
          LOG_DIR,
          LOG_FILE,
          LOG_FILE_MAX_SIZE,
          STDERRTHRESHOLD,
          ONE_OUTPUT,
          SKIP_HEADERS,
          SKIP_LOG_HEADERS,
          ADD_DIR_HEADER,
          LOG_BACKTRACE_AT);

  private LogFileFlags() {}
}
