package kubeproxy.config;

import java.util.OptionalInt;

/// `host:port` texts, taken apart as Go's `net.SplitHostPort` does.
final class HostPort {
  private static final int MAX_PORT = 65535;

  private HostPort() {}

  /// What a text turned out to be.
  sealed interface Split {

    /// Its two parts, neither checked; brackets around the host are gone.
    record Parts(String host, String port) implements Split {}

    /// Not of that form.
    record Bad(String reason) implements Split {}
  }

  static Split split(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return bad(text, "missing port in address");
    }
    if (!text.startsWith("[")) {
      String host = text.substring(0, colon);
      return host.indexOf(':') >= 0
          ? bad(text, "too many colons in address")
          : unbracketed(text, host, text.substring(colon + 1));
    }
    int end = text.indexOf(']');
    if (end < 0) {
      return bad(text, "missing ']' in address");
    }
    if (end + 1 == text.length()) {
      return bad(text, "missing port in address");
    }
    if (end + 1 != colon) {
      return bad(
          text,
          text.charAt(end + 1) == ':' ? "too many colons in address" : "missing port in address");
    }
    return unbracketed(text, text.substring(1, end), text.substring(colon + 1));
  }

  private static Split unbracketed(String text, String host, String port) {
    if (host.indexOf('[') >= 0 || port.indexOf('[') >= 0) {
      return bad(text, "unexpected '[' in address");
    }
    if (host.indexOf(']') >= 0 || port.indexOf(']') >= 0) {
      return bad(text, "unexpected ']' in address");
    }
    return new Split.Parts(host, port);
  }

  private static Split bad(String text, String reason) {
    return new Split.Bad("address " + text + ": " + reason);
  }

  /// A port of 0 to 65535.
  static OptionalInt parsePort(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    String digits = text.replaceFirst("^0+(?=.)", "");
    if (digits.length() > 5 || Integer.parseInt(digits) > MAX_PORT) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(digits));
  }
}
