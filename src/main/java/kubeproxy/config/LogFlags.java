package kubeproxy.config;

import static kubeproxy.config.FlagGroup.LOG;

import java.time.Duration;
import java.util.List;
import kubeproxy.config.v1alpha1.Quantity;

/// Flags about the log.
public final class LogFlags {

  public static final Flag<Integer> V =
      Flag.of(
              LOG,
              "v",
              FlagTypes.LEVEL,
              0,
              "1.17",
              "How much is logged: 0 what everybody should know, 2 each sync, 4 what"
                  + " changed and why, 10 everything.")
          .besidesFile()
          .shorthand('v');
  public static final Flag<List<ModuleLevel>> VMODULE =
      Flag.of(
              LOG,
              "vmodule",
              FlagTypes.MODULE_LEVELS,
              List.of(),
              "1.17",
              "Levels of single source files, in place of v, as Planner=4,Sync*=5. Only"
                  + " for the text format.")
          .besidesFile();
  public static final Flag<String> LOGGING_FORMAT =
      Flag.of(
              LOG,
              "logging-format",
              FlagTypes.STRING,
              "text",
              "1.28",
              "text, or json for one JSON object a line.")
          .besidesFile();
  public static final Flag<Duration> LOG_FLUSH_FREQUENCY =
      Flag.of(
              LOG,
              "log-flush-frequency",
              FlagTypes.DURATION,
              Duration.ofSeconds(5),
              "1.17",
              "Longest time that a line may wait in a buffer.")
          .besidesFile();
  public static final Flag<Boolean> LOG_TEXT_SPLIT_STREAM =
      Flag.of(
              LOG,
              "log-text-split-stream",
              FlagTypes.BOOL,
              false,
              "1.31",
              "In text format, write errors to standard error and all else to standard"
                  + " output. Needs the feature gate LoggingAlphaOptions.")
          .besidesFile();
  public static final Flag<Quantity> LOG_TEXT_INFO_BUFFER_SIZE =
      Flag.of(
              LOG,
              "log-text-info-buffer-size",
              FlagTypes.QUANTITY,
              Quantity.ZERO,
              "1.31",
              "With log-text-split-stream: bytes to collect before they are written to"
                  + " standard output, as 512 or 1Ki.")
          .besidesFile();
  public static final Flag<Boolean> LOG_JSON_SPLIT_STREAM =
      Flag.of(
              LOG,
              "log-json-split-stream",
              FlagTypes.BOOL,
              false,
              "1.28",
              "The same for the json format.")
          .besidesFile();
  public static final Flag<Quantity> LOG_JSON_INFO_BUFFER_SIZE =
      Flag.of(
              LOG,
              "log-json-info-buffer-size",
              FlagTypes.QUANTITY,
              Quantity.ZERO,
              "1.28",
              "The same for the json format.")
          .besidesFile();

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          V,
          VMODULE,
          LOGGING_FORMAT,
          LOG_FLUSH_FREQUENCY,
          LOG_TEXT_SPLIT_STREAM,
          LOG_TEXT_INFO_BUFFER_SIZE,
          LOG_JSON_SPLIT_STREAM,
          LOG_JSON_INFO_BUFFER_SIZE);

  private LogFlags() {}
}
