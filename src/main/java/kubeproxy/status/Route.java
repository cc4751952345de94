package kubeproxy.status;

import com.sun.net.httpserver.Headers;

/// Answers requests for one path, whatever their method. Called by many threads at once.
@FunctionalInterface
interface Route {

  /// The answer.
  ///
  /// @param request the headers of the request
  Answer answer(Headers request);
}
