package kubeproxy.app;

import org.jspecify.annotations.Nullable;

/// Signals that ask to read the configuration again. One that comes while the proxy is still
/// starting would end it if nobody took it; it is answered once there is somebody to answer. Any
/// thread; answers are given one at a time.
final class HangupRequests {
  private @Nullable Runnable answer;
  private boolean asked;

  /// A signal came.
  synchronized void ask() {
    if (answer == null) {
      asked = true;
    } else {
      answer.run();
    }
  }

  /// From now on signals are answered so, also those that came before: they count as one.
  synchronized void answerBy(Runnable answer) {
    this.answer = answer;
    if (asked) {
      asked = false;
      answer.run();
    }
  }
}
