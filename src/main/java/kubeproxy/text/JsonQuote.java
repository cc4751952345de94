package kubeproxy.text;

import java.util.HexFormat;

/// Quoted strings of JSON (RFC 8259), in a form that YAML reads as well.
public final class JsonQuote {
  private JsonQuote() {}

  /// The text between double quotes.
  public static String quote(String text) {
    StringBuilder target = new StringBuilder(text.length() + 2);
    append(target, text);
    return target.toString();
  }

  /// Appends the quoted text to `target`.
  public static void append(StringBuilder target, String text) {
    target.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        target.append('\\').append(c);
      } else if (c == '\n') {
        target.append("\\n");
      } else if (c < ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029 || c >= 0xfff0) {
        target.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        target.append(c);
      }
    }
    target.append('"');
  }
}
