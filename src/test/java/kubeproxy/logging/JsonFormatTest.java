package kubeproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonFormatTest {
  private static final LoggingOptions JSON =
      new LoggingOptions(
          5,
          List.of(),
          Duration.ofSeconds(1),
          LogFormat.JSON,
          LogStreams.STANDARD_ERROR,
          LogStreams.STANDARD_ERROR,
          KlogOptions.DEFAULTS);

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Logger log = logger("2026-11-22T15:50:27.123456789Z");

  private Logger logger(String time) {
    Clock clock = Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
    return Logging.open(JSON, clock, 1, OutputStreams.none(), output).logger();
  }

  private String lastLine() {
    String text = output.toString(StandardCharsets.UTF_8);
    output.reset();
    assertThat(text).endsWith("\n");
    return text.strip().replaceFirst("JsonFormatTest.java:\\d+", "JsonFormatTest.java:1");
  }

  @Test
  void writesTheWholeLineByteForByte() {
    log.v(2).info("Synced rules", "family", "IPv4", "operations", 12);
    assertThat(lastLine())
        .isEqualTo(
            "{\"ts\":1795362627123.4568,\"caller\":\"logging/JsonFormatTest.java:1\","
                + "\"msg\":\"Synced rules\",\"v\":2,\"family\":\"IPv4\",\"operations\":12}");
  }

  @Test
  void hasTheErrorLastAndNoLevel() {
    log.v(3).error(new IllegalStateException("it \"broke\""), "failed", "try", 2);
    assertThat(lastLine()).endsWith(",\"msg\":\"failed\",\"try\":2,\"err\":\"it \\\"broke\\\"\"}");
    log.error(null, "failed", "try", 2);
    assertThat(lastLine()).endsWith(",\"msg\":\"failed\",\"try\":2}");
  }

  @Test
  void warnsAtLevelZero() {
    log.v(3).warn("odd");
    assertThat(lastLine()).endsWith(",\"msg\":\"odd\",\"v\":0}");
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 0",
    "2026-11-22T15:50:27Z, 1795362627000",
    "2026-11-22T15:50:27.5Z, 1795362627500",
    "2026-11-22T15:50:27.000001Z, 1795362627000.001",
    "1970-01-01T00:00:00.000000001Z, 0.000001"
  })
  void writesTimeAsAPlainNumber(String time, String expected) {
    logger(time).info("m");
    assertThat(lastLine()).startsWith("{\"ts\":" + expected + ",\"caller\"");
  }

  static List<Arguments> values() {
    return List.of(
        Arguments.of("say \"x\" \\ \t\r\n", "\"say \\\"x\\\" \\\\ \\t\\r\\n\""),
        Arguments.of("<&>\u2028 grüße 🙂", "\"<&>\u2028 grüße 🙂\""),
        Arguments.of("\b\f\u001b\u007f", "\"\\u0008\\u000c\\u001b\u007f\""),
        Arguments.of("a\udc00b", "\"a\\ufffdb\""),
        Arguments.of(12L, "12"),
        Arguments.of(2.50, "2.5"),
        Arguments.of(1e-7, "0.0000001"),
        Arguments.of(Double.NaN, "\"NaN\""),
        Arguments.of(Double.POSITIVE_INFINITY, "\"+Inf\""),
        Arguments.of(true, "true"),
        Arguments.of(null, "null"),
        Arguments.of(Optional.empty(), "null"),
        Arguments.of(Duration.ofMillis(1500), "\"1.5s\""),
        Arguments.of(new IllegalStateException("x"), "\"x\""),
        Arguments.of(new byte[] {1, 2}, "\"AQI=\""),
        Arguments.of(Arrays.asList(1, null, "<"), "[1,null,\"<\"]"),
        Arguments.of(Map.of("b\"", 2, "a", List.of()), "{\"a\":[],\"b\\\"\":2}"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesValues(@Nullable Object value, String expected) {
    log.info("m", "key", value);
    String line = lastLine();
    assertThat(line).endsWith(",\"v\":0,\"key\":" + expected + "}");
    // Throws if it is no JSON.
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
      assertThat(parser.nextToken().isStructStart()).isTrue();
      parser.skipChildren();
      assertThat(parser.nextToken()).isNull();
    }
  }

  @Test
  void escapesKeysAndWritesThemOnce() {
    log.info("m", "a\"\n", 1, "b", 2, "b", 3, "odd");
    assertThat(lastLine()).endsWith(",\"v\":0,\"a\\\"\\n\":1,\"b\":3,\"odd\":\"(MISSING)\"}");
    log.error(new IllegalStateException("x"), "m", "err", "y");
    assertThat(lastLine()).endsWith(",\"msg\":\"m\",\"err\":\"y\"}");
  }
}
