package kubeproxy.apiwatch;

import java.io.IOException;

/// The server tells of a version lower than one it told of before: events out of order, or a store
/// that was set back to a backup. Only a new list helps.
final class WentBackException extends IOException {
  WentBackException(String before, String after) {
    super("the version went back from " + before + " to " + after);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
