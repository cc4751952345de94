package kubeproxy.config.v1alpha1;

import java.time.Duration;
import java.util.List;

/// `logging`: what is logged, and how.
///
/// @param format `text` or `json`
/// @param flushFrequency longest time that lines may stay in a buffer
/// @param verbosity 0 for what everybody should know, up to 2^32-1 in a file
/// @param vmodule verbosity of single source files
/// @param text streams of the text format
/// @param json streams of the JSON format
public record Logging(
    String format,
    Duration flushFrequency,
    long verbosity,
    List<VmoduleItem> vmodule,
    OutputRouting text,
    OutputRouting json) {

  /// What counts where nothing is said.
  public static final Logging DEFAULT =
      new Logging(
          "text",
          Duration.ofSeconds(5),
          0,
          List.of(),
          OutputRouting.DEFAULT,
          OutputRouting.DEFAULT);

  public Logging {
    vmodule = List.copyOf(vmodule);
  }

  /// One entry of `vmodule`.
  ///
  /// @param filePattern name of a source file without its ending, where `*` and `?` are wild
  /// @param verbosity the level for it, up to 2^32-1 in a file
  public record VmoduleItem(String filePattern, long verbosity) {}

  /// `options.text` and `options.json`: where lines go.
  ///
  /// @param splitStream whether only errors go to standard error, the rest to standard output
  /// @param infoBufferSize bytes of the buffer of standard output; 0 for none
  public record OutputRouting(boolean splitStream, Quantity infoBufferSize) {

    /// What counts where nothing is said.
    public static final OutputRouting DEFAULT = new OutputRouting(false, Quantity.ZERO);
  }
}
