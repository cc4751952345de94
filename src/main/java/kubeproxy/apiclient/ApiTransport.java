package kubeproxy.apiclient;

import java.io.IOException;

/// Sends requests to the one API server of this client. Safe for any thread.
public interface ApiTransport extends AutoCloseable {

  /// Sends a request and returns when the head of the answer is there, whatever its status. Waits
  /// before that for the rate limit of the client. The caller closes the response.
  ///
  /// A 401 leads to one more attempt with credentials read or asked for anew; 429 and 503 are
  /// answers like any other.
  ///
  /// @throws IOException if no answer came: no connection, no credentials, no head in time
  /// @throws InterruptedException if the thread was interrupted; the request is given up then
  ApiResponse send(ApiRequest request) throws IOException, InterruptedException;

  /// Gives up all requests and responses that are under way, and closes all connections.
  @Override
  void close();
}
