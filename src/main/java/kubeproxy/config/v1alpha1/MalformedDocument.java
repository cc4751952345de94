package kubeproxy.config.v1alpha1;

/// A text is not YAML, or more than is read. Never leaves this package.
final class MalformedDocument extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  /// @param line of the text, from 1
  /// @param column of the line, from 1
  MalformedDocument(int line, int column, String problem) {
    super(problem);
    this.line = line;
    this.column = column;
  }

  int line() {
    return line;
  }

  int column() {
    return column;
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
