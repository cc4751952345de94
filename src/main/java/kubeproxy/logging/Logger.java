package kubeproxy.logging;

import org.jspecify.annotations.Nullable;

/// Where log lines go. Safe for use by any thread; never throws.
///
/// A line has a fixed message and pairs of a key and a value, as in `log.info("Synced", "family",
/// family, "operations", count)`. Strings, enums and other objects are quoted, numbers and booleans
/// are bare, collections and maps look like JSON.
///
/// With one or two pairs nothing is allocated for a line that is not written, apart from boxes for
/// numbers; where that matters, ask [#enabled] first.
public interface Logger {

  /// A logger that writes nothing.
  Logger SILENT = new SilentLogger();

  /// Whether lines of this logger are written. Warnings and errors are written at any verbosity.
  boolean enabled();

  /// This logger if the verbosity (`-v`) is at least `level` now, otherwise one that writes
  /// nothing.
  Logger v(int level);

  /// This logger, if `limit` allows another line now, otherwise one that writes nothing. The line
  /// that comes after some were held back says how many.
  Logger limited(LogLimit limit);

  /// An ordinary event.
  void info(String message, @Nullable Object... keysAndValues);

  /// An ordinary event.
  void info(String message);

  /// An ordinary event.
  void info(String message, String key, @Nullable Object value);

  /// An ordinary event.
  void info(
      String message, String key1, @Nullable Object value1, String key2, @Nullable Object value2);

  /// Something an operator should look at, which the proxy copes with.
  void warn(String message, @Nullable Object... keysAndValues);

  /// Something that failed.
  ///
  /// @param error its text becomes the pair `err`; null for none
  void error(@Nullable Throwable error, String message, @Nullable Object... keysAndValues);
}
