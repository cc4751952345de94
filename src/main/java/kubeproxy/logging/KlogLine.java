package kubeproxy.logging;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kubeproxy.text.GoDuration;
import kubeproxy.text.GoQuote;
import org.jspecify.annotations.Nullable;

/// One line under construction, byte for byte as klog's structured text format: `I1122
/// 16:50:27.123456 4711 SyncLoop.java:123] "message" key="value"`.
final class KlogLine {
  private static final int PROCESS_ID_WIDTH = 7;
  private static final String MISSING = "(MISSING)";

  private final StringBuilder text = new StringBuilder(160);

  void header(Severity severity, Clock clock, long processId, String caller) {
    LocalDateTime time = LocalDateTime.ofInstant(clock.instant(), clock.getZone());
    text.append(severity.letter());
    number(time.getMonthValue(), 2, '0');
    number(time.getDayOfMonth(), 2, '0');
    text.append(' ');
    number(time.getHour(), 2, '0');
    text.append(':');
    number(time.getMinute(), 2, '0');
    text.append(':');
    number(time.getSecond(), 2, '0');
    text.append('.');
    number(time.getNano() / 1_000, 6, '0');
    text.append(' ');
    number(processId, PROCESS_ID_WIDTH, ' ');
    text.append(' ').append(caller).append("] ");
  }

  void message(String message) {
    GoQuote.append(text, message);
  }

  /// Appends keys and values in turn; a last key without value gets the value `(MISSING)`.
  void pairs(@Nullable Object[] keysAndValues) {
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = i + 1 < keysAndValues.length ? keysAndValues[i + 1] : MISSING;
      pair(String.valueOf(keysAndValues[i]), value);
    }
  }

  void pair(String key, @Nullable Object value) {
    text.append(' ').append(key).append('=');
    switch (value) {
      case null -> text.append("null");
      case Optional<?> optional -> value(optional.orElse(null));
      default -> value(value);
    }
  }

  String end() {
    return text.append('\n').toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case Number number -> text.append(number);
      case Boolean bool -> text.append(bool.booleanValue());
      case Collection<?> list -> jsonList(list);
      case Map<?, ?> map -> jsonMap(map);
      default -> string(display(value));
    }
  }

  private static String display(Object value) {
    return switch (value) {
      case Duration duration -> GoDuration.format(duration);
      case Throwable error ->
          error.getMessage() == null ? error.getClass().getName() : error.getMessage();
      default -> value.toString();
    };
  }

  /// Quoted, or, if there are line breaks, as an indented block, which people can read and no value
  /// can break out of.
  private void string(String value) {
    if (value.indexOf('\n') < 0) {
      GoQuote.append(text, value);
      return;
    }
    text.append("<\n");
    int from = 0;
    while (from < value.length()) {
      int end = value.indexOf('\n', from);
      int to = end < 0 ? value.length() : end;
      text.append('\t').append(value, from, to).append('\n');
      from = to + 1;
    }
    text.append(" >");
  }

  private void jsonList(Collection<?> list) {
    text.append('[');
    for (Iterator<?> elements = list.iterator(); elements.hasNext(); ) {
      json(elements.next());
      if (elements.hasNext()) {
        text.append(',');
      }
    }
    text.append(']');
  }

  private void jsonMap(Map<?, ?> map) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    text.append('{');
    boolean first = true;
    for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
      if (!first) {
        text.append(',');
      }
      first = false;
      jsonString(entry.getKey());
      text.append(':');
      json(entry.getValue());
    }
    text.append('}');
  }

  private void json(@Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case Number number -> text.append(number);
      case Boolean bool -> text.append(bool.booleanValue());
      case Collection<?> list -> jsonList(list);
      case Map<?, ?> map -> jsonMap(map);
      default -> jsonString(display(value));
    }
  }

  /// As Go's JSON encoder: what is special in HTML is escaped too.
  private void jsonString(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '<', '>', '&', '\u2028', '\u2029' -> unicodeEscape(c);
        default -> {
          if (c < ' ') {
            unicodeEscape(c);
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private void unicodeEscape(char c) {
    text.append("\\u");
    String digits = Integer.toHexString(c);
    text.repeat('0', 4 - digits.length()).append(digits);
  }

  private void number(long value, int width, char padding) {
    String digits = Long.toString(value);
    text.repeat(padding, Math.max(0, width - digits.length())).append(digits);
  }
}
