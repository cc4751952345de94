package kubeproxy.logging;

import java.io.OutputStream;

/// Streams for tests.
final class OutputStreams {
  private OutputStreams() {}

  /// A stream to which nobody may write.
  static OutputStream none() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        throw new AssertionError("nothing is written here");
      }
    };
  }
}
