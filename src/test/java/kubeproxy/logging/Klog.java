package kubeproxy.logging;

import java.nio.file.Path;
import java.util.Optional;

/// Options of klog that differ from the defaults, for tests.
final class Klog {
  private Klog() {}

  static KlogOptions with(SourceLine backtraceAt) {
    return new KlogOptions(
        true,
        false,
        Severity.ERROR,
        "",
        "",
        0,
        false,
        false,
        false,
        false,
        Optional.of(backtraceAt));
  }

  static KlogOptions folderInHeader() {
    return new KlogOptions(
        true, false, Severity.ERROR, "", "", 0, false, false, false, true, Optional.empty());
  }

  static KlogOptions withoutHeader() {
    return new KlogOptions(
        true, false, Severity.ERROR, "", "", 0, false, true, false, false, Optional.empty());
  }

  /// A file per severity.
  static KlogOptions files(Path folder, boolean oneOutput) {
    return new KlogOptions(
        false,
        false,
        Severity.ERROR,
        folder.toString(),
        "",
        1,
        oneOutput,
        false,
        false,
        false,
        Optional.empty());
  }

  /// One file for everything.
  static KlogOptions file(Path file, boolean alsoStandardError, Severity threshold) {
    return new KlogOptions(
        false,
        alsoStandardError,
        threshold,
        "",
        file.toString(),
        1,
        false,
        false,
        true,
        false,
        Optional.empty());
  }
}
