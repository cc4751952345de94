package kubeproxy.testing.api;

import java.io.IOException;

/// Answers requests. Called by the thread of a connection.
@FunctionalInterface
public interface Answers {

  /// Answers one request.
  ///
  /// @throws IOException if the client is gone
  /// @throws InterruptedException if the server is closed
  void answer(ApiCall call, HttpReply reply) throws IOException, InterruptedException;
}
