package kubeproxy.logging;

/// Where lines of one format go as long as they go to the standard streams.
///
/// @param split false: everything to standard error; true: what is no error to standard output. In
///   the text format warnings stay on standard error, in JSON they are information of level 0
/// @param infoBufferBytes how much for standard output is collected before it is written; 0 for
///   nothing. Has no effect unless `split`
public record LogStreams(boolean split, long infoBufferBytes) {
  /// Everything to standard error at once.
  public static final LogStreams STANDARD_ERROR = new LogStreams(false, 0);
}
