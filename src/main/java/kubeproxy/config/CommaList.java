package kubeproxy.config;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.config.FlagType.Parsed;

/// Comma-separated values on one line, where an element in double quotes may hold commas and
/// doubled quotes (RFC 4180). Blanks are kept.
final class CommaList {
  private final String text;
  private final List<String> elements = new ArrayList<>();
  private int position;

  private CommaList(String text) {
    this.text = text;
  }

  static Parsed<List<String>> split(String text) {
    return text.isEmpty() ? new Parsed.Valid<>(List.of()) : new CommaList(text).read();
  }

  private Parsed<List<String>> read() {
    while (true) {
      boolean quoted = position < text.length() && text.charAt(position) == '"';
      String error = quoted ? readQuoted() : readPlain();
      if (!error.isEmpty()) {
        return new Parsed.Invalid<>(
            "parse error on line 1, column " + (position + 1) + ": " + error);
      }
      if (position == text.length()) {
        return new Parsed.Valid<>(List.copyOf(elements));
      }
      position++;
    }
  }

  /// Reads up to the next comma or the end. Returns what is wrong, or nothing.
  private String readPlain() {
    int end = text.indexOf(',', position);
    int to = end < 0 ? text.length() : end;
    int quote = text.indexOf('"', position);
    if (quote >= 0 && quote < to) {
      position = quote;
      return "bare \" in non-quoted field";
    }
    elements.add(text.substring(position, to));
    position = to;
    return "";
  }

  private String readQuoted() {
    StringBuilder element = new StringBuilder();
    position++;
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c != '"') {
        element.append(c);
      } else if (position < text.length() && text.charAt(position) == '"') {
        element.append('"');
        position++;
      } else if (position == text.length() || text.charAt(position) == ',') {
        elements.add(element.toString());
        return "";
      } else {
        position--;
        return "extraneous or missing \" in quoted-field";
      }
    }
    return "extraneous or missing \" in quoted-field";
  }
}
