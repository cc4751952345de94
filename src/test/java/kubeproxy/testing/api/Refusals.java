package kubeproxy.testing.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers that are a `Status`.
final class Refusals {
  private Refusals() {}

  /// The fields of a failure.
  static Map<String, @Nullable Object> status(
      int code, String reason, String message, int retryAfterSeconds) {
    return Tree.of(
        "metadata",
        Map.of(),
        "status",
        "Failure",
        "message",
        message,
        "reason",
        reason,
        "details",
        retryAfterSeconds == 0 ? null : Map.of("retryAfterSeconds", retryAfterSeconds),
        "code",
        code);
  }

  static void send(ApiCall call, HttpReply reply, int code, String reason, String message)
      throws IOException, InterruptedException {
    send(call, reply, code, reason, message, 0);
  }

  static void send(
      ApiCall call, HttpReply reply, int code, String reason, String message, int retryAfterSeconds)
      throws IOException, InterruptedException {
    Wire wire = Wire.accepted(call.header("accept"));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", wire.mediaType());
    if (retryAfterSeconds > 0) {
      headers.put("Retry-After", Integer.toString(retryAfterSeconds));
    }
    reply.send(code, headers, wire.status(status(code, reason, message, retryAfterSeconds)));
  }
}
