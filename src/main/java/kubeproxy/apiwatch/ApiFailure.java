package kubeproxy.apiwatch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import kubeproxy.apidecode.ApiStatus;

/// The server refuses something, by the status of an answer or by an event of a watch. Carries no
/// stack trace: it tells about the server, not about this program.
final class ApiFailure extends IOException {
  private static final int GONE = 410;
  private static final int TOO_MANY_REQUESTS = 429;

  private final transient ApiStatus status;
  private final transient Optional<Duration> retryAfter;

  /// A refusal.
  ///
  /// @param retryAfter how long the server wants us to wait
  ApiFailure(ApiStatus status, Optional<Duration> retryAfter) {
    super(text(status));
    this.status = status;
    this.retryAfter = retryAfter;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  private static String text(ApiStatus status) {
    String reason = status.reason().isEmpty() ? "" : " " + status.reason();
    String message = status.message().isEmpty() ? "" : ": " + status.message();
    return status.code() + reason + message;
  }

  int code() {
    return status.code();
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /// The version or the token that we asked with is forgotten.
  boolean isGone() {
    return status.code() == GONE
        || status.reason().equals("Expired")
        || status.reason().equals("Gone");
  }

  /// The server does not know the version that we asked with yet, or never will.
  boolean isFromTheFuture() {
    return status.message().contains("Too large resource version");
  }

  /// An older server cannot select by this field.
  boolean isFieldUnsupported() {
    return status.code() == 400 && status.message().contains("field label not supported");
  }

  /// The server does not accept the question as such.
  boolean isBadRequest() {
    return status.code() == 400 || status.code() == 405 || status.code() == 422;
  }

  Condition condition() {
    return switch (status.code()) {
      case 401 -> Condition.UNAUTHORIZED;
      case 403 -> Condition.FORBIDDEN;
      case 404 -> Condition.NOT_SERVED;
      case TOO_MANY_REQUESTS -> Condition.THROTTLED;
      default ->
          status.code() == 503 && retryAfter.isPresent()
              ? Condition.THROTTLED
              : Condition.SERVER_ERROR;
    };
  }
}
