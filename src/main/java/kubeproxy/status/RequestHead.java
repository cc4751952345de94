package kubeproxy.status;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Request line and headers (RFC 9112), read strictly: what can be read in two ways is refused.
///
/// @param path decoded
/// @param query as it came
/// @param keepAlive whether the client wants to send another request on the connection
/// @param bodyBytes how much follows
record RequestHead(
    String method,
    String path,
    String query,
    RequestHeaders headers,
    boolean keepAlive,
    int bodyBytes) {
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  /// What bytes turned out to be.
  sealed interface Parsed {

    /// A head.
    record Valid(RequestHead head) implements Parsed {}

    /// None that can be answered.
    ///
    /// @param code of the answer
    record Refused(int code, String reason) implements Parsed {}
  }

  /// Thrown and caught here only.
  private static final class Refusal extends Exception {
    final int code;

    Refusal(int code, String reason) {
      super(reason, null, false, false);
      this.code = code;
    }
  }

  /// Reads a head.
  ///
  /// @param text with the line breaks, without the empty line at its end; each character is a byte
  static Parsed parse(String text) {
    try {
      return new Parsed.Valid(head(text));
    } catch (Refusal e) {
      return new Parsed.Refused(e.code, String.valueOf(e.getMessage()));
    }
  }

  private static RequestHead head(String text) throws Refusal {
    String[] lines = text.split("\r?\n", -1);
    String[] start = lines[0].split(" ", -1);
    if (start.length != 3 || !isToken(start[0])) {
      throw new Refusal(400, "malformed request line");
    }
    boolean old = start[2].equals("HTTP/1.0");
    if (!old && !start[2].equals("HTTP/1.1")) {
      throw new Refusal(505, "the version has to be HTTP/1.1");
    }
    RequestHeaders headers = headers(lines);
    if (!old && headers.all("Host").size() != 1) {
      throw new Refusal(400, "there has to be one Host header");
    }
    String target = originForm(start[1]);
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    return new RequestHead(
        start[0],
        decode(path),
        question < 0 ? "" : target.substring(question + 1),
        headers,
        !old && !headers.lists("Connection", "close"),
        bodyBytes(headers));
  }

  private static RequestHeaders headers(String[] lines) throws Refusal {
    List<RequestHeaders.Field> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 0 || !isToken(lines[i].substring(0, colon)) || hasControl(lines[i])) {
        throw new Refusal(400, "malformed header");
      }
      if (fields.size() == HttpLimits.MAX_HEADERS) {
        throw new Refusal(431, "too many headers");
      }
      String value = lines[i].substring(colon + 1).strip();
      fields.add(new RequestHeaders.Field(lines[i].substring(0, colon), value));
    }
    return new RequestHeaders(fields);
  }

  /// Without what proxies put in front: scheme and authority.
  private static String originForm(String target) throws Refusal {
    String rest = target;
    if (rest.startsWith("http://")) {
      int slash = rest.indexOf('/', "http://".length());
      rest = slash < 0 ? "/" : rest.substring(slash);
    }
    if (!rest.startsWith("/") && !rest.equals("*")) {
      throw new Refusal(400, "malformed target");
    }
    return rest;
  }

  private static String decode(String path) throws Refusal {
    if (path.indexOf('%') < 0) {
      return path;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) != '%') {
        bytes.write(path.charAt(i));
        continue;
      }
      int high = i + 2 <= path.length() - 1 ? Character.digit(path.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
      if (low < 0) {
        throw new Refusal(400, "malformed escape in the path");
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int bodyBytes(RequestHeaders headers) throws Refusal {
    Set<String> lengths = new TreeSet<>(headers.all("Content-Length"));
    if (!headers.all("Transfer-Encoding").isEmpty()) {
      // One or the other: two lengths are how requests get smuggled past proxies.
      throw new Refusal(lengths.isEmpty() ? 411 : 400, "a body needs a Content-Length");
    }
    if (lengths.isEmpty()) {
      return 0;
    }
    String length = lengths.iterator().next();
    if (lengths.size() > 1 || !length.matches("[0-9]{1,18}")) {
      throw new Refusal(400, "malformed Content-Length");
    }
    if (Long.parseLong(length) > HttpLimits.MAX_BODY_BYTES) {
      throw new Refusal(413, "the body is too long");
    }
    return Integer.parseInt(length);
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c -> c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN_SYMBOLS.indexOf(c) >= 0));
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
  }
}
