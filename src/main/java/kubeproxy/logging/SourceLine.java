package kubeproxy.logging;

/// A line of a source file (`--log-backtrace-at`).
///
/// @param file a name without folders, as `SyncLoop.java`
/// @param line 1 or more
public record SourceLine(String file, int line) {}
