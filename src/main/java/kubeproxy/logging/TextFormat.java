package kubeproxy.logging;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import kubeproxy.text.GoQuote;
import org.jspecify.annotations.Nullable;

/// klog's text format, byte for byte: `I1122 16:50:27.123456    4711 SyncLoop.java:123] "message"
/// key="value"`.
///
/// @param zone of the times
/// @param processId where glog, which had the format first, had a thread
/// @param options what the header has, and where stack traces go
record TextFormat(ZoneId zone, long processId, KlogOptions options) implements LineFormat {
  private static final int PROCESS_ID_WIDTH = 7;
  private static final int USUAL_LENGTH = 160;

  @Override
  public String line(LogEvent event) {
    StringBuilder text = new StringBuilder(USUAL_LENGTH);
    if (!options.skipHeaders()) {
      header(text, event);
    }
    // The message is quoted even if it has line breaks.
    GoQuote.append(text, event.message());
    pairs(text, event);
    text.append('\n');
    if (tracedHere(event.caller())) {
      appendStack(text);
    }
    return text.toString();
  }

  private void header(StringBuilder text, LogEvent event) {
    Instant instant = event.time();
    LocalDateTime time = LocalDateTime.ofInstant(instant, zone);
    text.append(event.severity().letter());
    number(text, time.getMonthValue(), 2, '0');
    number(text, time.getDayOfMonth(), 2, '0');
    text.append(' ');
    number(text, time.getHour(), 2, '0');
    text.append(':');
    number(text, time.getMinute(), 2, '0');
    text.append(':');
    number(text, time.getSecond(), 2, '0');
    text.append('.');
    number(text, time.getNano() / 1_000, 6, '0');
    text.append(' ');
    number(text, processId, PROCESS_ID_WIDTH, ' ');
    CallSite caller = event.caller();
    text.append(' ').append(options.addDirHeader() ? caller.fileInFolder() : caller.fileName());
    text.append(':').append(caller.line()).append("] ");
  }

  private static void number(StringBuilder text, long value, int width, char padding) {
    String digits = Long.toString(value);
    text.repeat(padding, Math.max(0, width - digits.length())).append(digits);
  }

  private static void pairs(StringBuilder text, LogEvent event) {
    @Nullable Object[] pairs = event.pairs();
    Throwable error = event.error();
    if (repeatsKey(error != null, pairs)) {
      distinctPairs(text, event);
      return;
    }
    if (error != null) {
      pair(text, "err", error);
    }
    for (int i = 0; i < pairs.length; i += 2) {
      pair(text, String.valueOf(pairs[i]), pairs[i + 1]);
    }
  }

  private static boolean repeatsKey(boolean hasError, @Nullable Object[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (hasError && "err".equals(pairs[i])) {
        return true;
      }
      for (int j = 0; j < i; j += 2) {
        if (String.valueOf(pairs[i]).equals(String.valueOf(pairs[j]))) {
          return true;
        }
      }
    }
    return false;
  }

  /// Each key once: the last value wins and has its place, and an equal one keeps the first place.
  private static void distinctPairs(StringBuilder text, LogEvent event) {
    Map<String, String> byKey = new LinkedHashMap<>();
    if (event.error() != null) {
      putLast(byKey, "err", event.error());
    }
    for (int i = 0; i < event.pairs().length; i += 2) {
      putLast(byKey, String.valueOf(event.pairs()[i]), event.pairs()[i + 1]);
    }
    byKey.values().forEach(text::append);
  }

  private static void putLast(Map<String, String> byKey, String key, @Nullable Object value) {
    StringBuilder rendered = new StringBuilder();
    pair(rendered, key, value);
    if (!rendered.toString().equals(byKey.get(key))) {
      byKey.remove(key);
      byKey.put(key, rendered.toString());
    }
  }

  private static void pair(StringBuilder text, String key, @Nullable Object wrapped) {
    Object value = LogValue.unwrapped(wrapped);
    text.append(' ').append(key).append('=');
    switch (value) {
      case null -> text.append("null");
      case String string -> string(text, string);
      case byte[] bytes -> GoQuote.appendAscii(text, bytes);
      case Number _, Boolean _, Object[] _, Map<?, ?> _ -> json(text, value);
      case Iterable<?> _ when !(value instanceof java.nio.file.Path) -> json(text, value);
      default -> string(text, LogValue.text(value));
    }
  }

  private static void json(StringBuilder text, Object value) {
    new JsonText(text, JsonText.Dialect.STANDARD).value(value);
  }

  /// Quoted, or, if there are line breaks, as an indented block, which people can read and no value
  /// can break out of.
  private static void string(StringBuilder text, String value) {
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

  private boolean tracedHere(CallSite caller) {
    SourceLine place = options.backtraceAt().orElse(null);
    return place != null && place.line() == caller.line() && place.file().equals(caller.fileName());
  }

  private static void appendStack(StringBuilder text) {
    Thread thread = Thread.currentThread();
    text.append("thread ").append(thread.getName()).append(":\n");
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("\tat ").append(frame).append('\n');
    }
  }
}
