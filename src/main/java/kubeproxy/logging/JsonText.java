package kubeproxy.logging;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Appends JSON as one of two encoders of Go writes it.
final class JsonText {
  private static final int HEX_DIGITS = 4;

  private final StringBuilder text;
  private final Dialect dialect;

  /// Who reads it.
  enum Dialect {
    /// Go's own encoder, in lines of the text format: what is special in HTML is escaped too, and a
    /// number that JSON does not have is an error.
    STANDARD,
    /// zap, which Kubernetes uses for its JSON format.
    ZAP
  }

  JsonText(StringBuilder text, Dialect dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  /// Appends any value; what is no number, boolean, collection or map becomes a string.
  void value(@Nullable Object value) {
    int start = text.length();
    try {
      nested(value);
    } catch (RuntimeException e) {
      // For example a list that somebody else changes meanwhile.
      text.setLength(start);
      text.append("\"<internal error: ").append(e.getClass().getName()).append(">\"");
    }
  }

  private void nested(@Nullable Object wrapped) {
    Object value = LogValue.unwrapped(wrapped);
    switch (value) {
      case null -> text.append("null");
      case Double number -> floating(number, Double.toString(number));
      case Float number -> floating(number, Float.toString(number));
      case Number number -> text.append(number);
      case Boolean bool -> text.append(bool.booleanValue());
      case byte[] bytes -> string(Base64.getEncoder().encodeToString(bytes));
      case Object[] array -> list(Arrays.asList(array));
      case Iterable<?> list when !(value instanceof java.nio.file.Path) -> list(list);
      case Map<?, ?> map -> map(map);
      default -> string(LogValue.text(value));
    }
  }

  private void list(Iterable<?> list) {
    text.append('[');
    for (Iterator<?> elements = list.iterator(); elements.hasNext(); ) {
      nested(elements.next());
      if (elements.hasNext()) {
        text.append(',');
      }
    }
    text.append(']');
  }

  private void map(Map<?, ?> map) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(key == null ? "null" : LogValue.text(key), value));
    text.append('{');
    boolean first = true;
    for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
      if (!first) {
        text.append(',');
      }
      first = false;
      string(entry.getKey());
      text.append(':');
      nested(entry.getValue());
    }
    text.append('}');
  }

  /// @param shortest the shortest digits that mean the number, as Java writes them
  private void floating(double number, String shortest) {
    if (Double.isFinite(number)) {
      text.append(decimal(number, shortest));
      return;
    }
    String name = Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    switch (dialect) {
      case STANDARD ->
          text.append("\"<internal error: json: unsupported value: ").append(name).append(">\"");
      case ZAP -> text.append('"').append(name).append('"');
    }
  }

  private String decimal(double number, String shortest) {
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(shortest).stripTrailingZeros();
    double magnitude = Math.abs(number);
    if (dialect == Dialect.ZAP || (magnitude >= 1e-6 && magnitude < 1e21)) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = number < 0 ? "-" : "";
    return sign + digits.charAt(0) + fraction + (exponent < 0 ? "e" : "e+") + exponent;
  }

  /// Appends a string between quotes.
  void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        text.append(c).append(value.charAt(++i));
      } else {
        character(c);
      }
    }
    text.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"', '\\' -> text.append('\\').append(c);
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\b' -> text.append(dialect == Dialect.STANDARD ? "\\b" : "\\u0008");
      case '\f' -> text.append(dialect == Dialect.STANDARD ? "\\f" : "\\u000c");
      case '<', '>', '&', '\u2028', '\u2029' -> {
        if (dialect == Dialect.STANDARD) {
          unicodeEscape(c);
        } else {
          text.append(c);
        }
      }
      default -> {
        if (c < ' ') {
          unicodeEscape(c);
        } else if (Character.isSurrogate(c)) {
          // Half a surrogate pair is no character.
          text.append("\\ufffd");
        } else {
          text.append(c);
        }
      }
    }
  }

  private void unicodeEscape(char c) {
    String digits = Integer.toHexString(c);
    text.append("\\u").repeat('0', HEX_DIGITS - digits.length()).append(digits);
  }
}
