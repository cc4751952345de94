package kubeproxy.logging;

/// How bad a line is; the first character of its header.
enum Severity {
  INFO('I'),
  WARNING('W'),
  ERROR('E');

  private final char letter;

  Severity(char letter) {
    this.letter = letter;
  }

  char letter() {
    return letter;
  }
}
