package kubeproxy.apiwatch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apidecode.ApiDecoder;
import kubeproxy.apidecode.ApiEncoding;
import kubeproxy.apidecode.ApiStatus;
import kubeproxy.apidecode.MalformedBody;
import org.jspecify.annotations.Nullable;

/// The requests of one watch, one at a time. [#giveUpIfSilent()] and [#close()] may be called by
/// any thread.
final class ApiCalls {
  private static final int MAX_DIGITS = 9;

  private final WatchParts parts;
  private final Object lock = new Object();
  private @Nullable WatchedBody current;
  private boolean closed;

  ApiCalls(WatchParts parts) {
    this.parts = parts;
  }

  /// Sends a request and returns the body of a good answer. The caller closes it.
  ///
  /// @param silence how long nothing may come
  /// @throws ApiFailure if the server refuses
  /// @throws IOException if there is no answer, or one in an unknown encoding
  WatchedBody open(ApiRequest request, Duration silence) throws IOException, InterruptedException {
    ApiResponse response = parts.transport().send(request);
    Optional<ApiEncoding> encoding =
        response.header("Content-Type").flatMap(ApiEncoding::ofContentType);
    WatchedBody body =
        new WatchedBody(response, encoding.orElse(ApiEncoding.JSON), silence, parts.nanoTime());
    keep(body);
    if (response.status() != 200) {
      try (body) {
        throw failure(response, body);
      }
    }
    if (encoding.isEmpty()) {
      body.close();
      String type = response.header("Content-Type").orElse("none");
      throw new MalformedBody("the answer has the content type " + type);
    }
    return body;
  }

  private static ApiFailure failure(ApiResponse response, WatchedBody body) {
    ApiStatus status = ApiDecoder.readStatus(body.encoding(), body, response.status());
    Optional<Duration> header = response.header("Retry-After").flatMap(ApiCalls::seconds);
    return new ApiFailure(status, header.or(() -> retryAfter(status)));
  }

  /// How long the server wants us to wait.
  static Optional<Duration> retryAfter(ApiStatus status) {
    OptionalInt seconds = status.retryAfterSeconds();
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsInt()))
        : Optional.empty();
  }

  /// Servers of Kubernetes give seconds, never a date.
  private static Optional<Duration> seconds(String text) {
    boolean digits =
        !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(Character::isDigit);
    return digits ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
  }

  private void keep(WatchedBody body) {
    boolean late;
    synchronized (lock) {
      current = body;
      late = closed;
    }
    if (late) {
      body.close();
    }
  }

  /// Gives up the answer on which nothing has come for too long.
  void giveUpIfSilent() {
    WatchedBody body;
    synchronized (lock) {
      body = current;
    }
    if (body != null) {
      body.giveUpIfSilent();
    }
  }

  /// Gives up what is under way, and what will be.
  void close() {
    WatchedBody body;
    synchronized (lock) {
      closed = true;
      body = current;
    }
    if (body != null) {
      body.close();
    }
  }
}
