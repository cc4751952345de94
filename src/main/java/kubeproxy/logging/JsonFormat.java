package kubeproxy.logging;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON format of Kubernetes: `ts`, milliseconds since 1970 with a fraction; `caller`, folder,
/// file and line; `msg`; `v`, the level, unless it is an error; keys and values; and `err` last.
///
/// A key that comes twice has the last value, once: two would leave it to the reader which to take.
final class JsonFormat implements LineFormat {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int USUAL_LENGTH = 200;

  @Override
  public String line(LogEvent event) {
    StringBuilder text = new StringBuilder(USUAL_LENGTH);
    JsonText json = new JsonText(text, JsonText.Dialect.ZAP);
    CallSite caller = event.caller();
    text.append("{\"ts\":").append(milliseconds(event.time())).append(",\"caller\":");
    json.string(caller.fileInFolder() + ":" + caller.line());
    text.append(",\"msg\":");
    json.string(event.message());
    if (event.severity() != Severity.ERROR) {
      text.append(",\"v\":").append(event.level());
    }
    distinct(event)
        .forEach((key, value) -> {
          text.append(',');
          json.string(key);
          text.append(':');
          json.value(value);
        });
    return text.append("}\n").toString();
  }

  private static Map<String, @Nullable Object> distinct(LogEvent event) {
    Map<String, @Nullable Object> byKey = new LinkedHashMap<>();
    @Nullable Object[] pairs = event.pairs();
    for (int i = 0; i < pairs.length; i += 2) {
      byKey.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    if (event.error() != null) {
      byKey.putIfAbsent("err", event.error());
    }
    return byKey;
  }

  /// As a floating-point number, which has room for a quarter of a microsecond.
  private static String milliseconds(Instant time) {
    long nanos = time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
    String shortest = Double.toString(nanos / NANOS_PER_MILLI);
    return new BigDecimal(shortest).stripTrailingZeros().toPlainString();
  }
}
