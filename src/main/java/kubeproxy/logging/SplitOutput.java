package kubeproxy.logging;

/// Two outputs, by severity.
///
/// @param lowest the lowest severity that `errors` gets
record SplitOutput(LogOutput infos, LogOutput errors, Severity lowest) implements LogOutput {

  @Override
  public void write(Severity severity, byte[] line) {
    if (!severity.atLeast(lowest)) {
      infos.write(severity, line);
      return;
    }
    errors.write(severity, line);
    if (severity.atLeast(Severity.ERROR)) {
      // What led to the error is wanted now.
      infos.flush();
    }
  }

  @Override
  public void flush() {
    infos.flush();
    errors.flush();
  }

  @Override
  public boolean keeps() {
    return infos.keeps() || errors.keeps();
  }

  @Override
  public void close() {
    infos.close();
    errors.close();
  }
}
