package kubeproxy.logging;

/// Where lines go. Safe for any thread; never throws. Lines are written whole, one after the other.
interface LogOutput {

  /// Writes a line, or keeps it until the next [#flush]; never keeps an error.
  void write(Severity severity, byte[] line);

  /// Writes what is kept.
  void flush();

  /// Whether lines may be kept, so that somebody has to call [#flush] now and then.
  boolean keeps();

  /// Flushes, and closes what was opened for the output. Lines may still come; they are written as
  /// well as can be.
  void close();
}
