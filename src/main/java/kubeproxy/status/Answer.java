package kubeproxy.status;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What is sent back for a request.
///
/// @param headers by name, in the order they are sent
/// @param body not to be changed any more
@SuppressWarnings("ArrayRecordComponent") // Made for one exchange and never compared.
record Answer(int code, Map<String, String> headers, byte[] body) {
  private static final String TYPE = "Content-Type";

  /// A short text.
  static Answer text(int code, String text) {
    return of(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// A JSON document.
  static Answer json(int code, String json) {
    return of(code, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  static Answer notFound() {
    return text(404, "404 page not found\n");
  }

  private static Answer of(int code, String type, byte[] body) {
    return new Answer(code, Map.of(TYPE, type, "X-Content-Type-Options", "nosniff"), body);
  }
}
