package kubeproxy.status;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What is sent back for a request.
///
/// @param headers by name, in the order they are sent
/// @param body not to be changed any more
/// @param file sent instead of the body, and deleted
@SuppressWarnings("ArrayRecordComponent") // Made for one exchange and never compared.
record Answer(int code, Map<String, String> headers, byte[] body, Optional<Path> file) {
  private static final String TYPE = "Content-Type";
  private static final String SNIFFING = "X-Content-Type-Options";

  Answer(int code, Map<String, String> headers, byte[] body) {
    this(code, headers, body, Optional.empty());
  }

  /// A short text.
  static Answer text(int code, String text) {
    return of(code, "text/plain; charset=utf-8", text);
  }

  /// A JSON document.
  static Answer json(int code, String json) {
    return of(code, "application/json", json);
  }

  /// A text of some media type.
  static Answer of(int code, String type, String text) {
    return of(code, type, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A page.
  static Answer html(String html) {
    return of(200, "text/html; charset=utf-8", html);
  }

  /// A file to keep, which is deleted here.
  ///
  /// @param name what to call it there
  static Answer download(String name, Path file) {
    Map<String, String> headers =
        Map.of(
            TYPE,
            "application/octet-stream",
            SNIFFING,
            "nosniff",
            "Content-Disposition",
            "attachment; filename=\"" + name + "\"");
    return new Answer(200, headers, new byte[0], Optional.of(file));
  }

  static Answer notFound() {
    return text(404, "404 page not found\n");
  }

  private static Answer of(int code, String type, byte[] body) {
    return new Answer(code, Map.of(TYPE, type, SNIFFING, "nosniff"), body);
  }
}
