package kubeproxy.status;

/// Answers requests for one path, whatever their method. Called by many threads at once.
@FunctionalInterface
interface Route {

  /// The answer.
  ///
  /// @throws InterruptedException when the server is closed meanwhile
  Answer answer(Request request) throws InterruptedException;
}
