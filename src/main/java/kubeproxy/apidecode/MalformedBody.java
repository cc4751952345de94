package kubeproxy.apidecode;

import java.io.IOException;

/// A body that is broken as a whole: no list, of another kind, or one in which it cannot be told
/// where an object ends. Carries no stack trace: it tells about the input, not about this program.
public final class MalformedBody extends IOException {

  /// An error.
  ///
  /// @param message what is wrong, for people, in one line
  public MalformedBody(String message) {
    super(message);
    setStackTrace(new StackTraceElement[0]);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
