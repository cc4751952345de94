package kubeproxy.logging;

/// How bad a line is; the first character of its header. The order is that of klog's numbers, 0 to
/// 3, in `--stderrthreshold`.
public enum Severity {
  /// What happens, of any verbosity.
  INFO('I'),
  /// What an operator should look at, and the proxy copes with.
  WARNING('W'),
  /// What failed.
  ERROR('E'),
  /// Never written; as a threshold it is above everything that is.
  FATAL('F');

  private final char letter;

  Severity(char letter) {
    this.letter = letter;
  }

  char letter() {
    return letter;
  }

  boolean atLeast(Severity other) {
    return compareTo(other) >= 0;
  }
}
