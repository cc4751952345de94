package kubeproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StructuredLoggerTest {
  private static final Instant TIME = Instant.parse("2026-11-22T15:50:27.123456789Z");
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private final Recording output = new Recording();
  private final Verbosity verbosity = new Verbosity(0);
  private final Logger log = logger(TIME, 4711);
  private long nanos;

  /// Keeps each call of `write` apart.
  private static final class Recording extends OutputStream {
    final List<String> writes = new ArrayList<>();
    int flushes;
    boolean broken;

    @Override
    public void write(int b) {
      throw new AssertionError("one call per line, not per byte");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (broken) {
        throw new IOException("no space left");
      }
      writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
      flushes++;
    }
  }

  private Logger logger(Instant time, long processId) {
    Clock clock = Clock.fixed(time, ZONE);
    LineFormat format = new TextFormat(ZONE, processId, KlogOptions.DEFAULTS);
    return StructuredLogger.create(verbosity, format, new StreamOutput(output, 0), clock);
  }

  /// The line without what depends on where this test calls the logger.
  private String lastLine() {
    return output.writes.getLast().replaceFirst("StructuredLoggerTest.java:\\d+", "File.java:1");
  }

  @Test
  void writesTheWholeLineByteForByte() {
    log.info("Synced rules", "family", "IPv4", "operations", 12);
    assertThat(output.writes).hasSize(1);
    assertThat(lastLine())
        .isEqualTo(
            "I1122 16:50:27.123456    4711 File.java:1] \"Synced rules\" family=\"IPv4\""
                + " operations=12\n");
    assertThat(output.flushes).isEqualTo(1);
  }

  @Test
  void padsTimeAndProcessId() {
    logger(Instant.parse("2026-01-02T03:04:05.000007Z"), 1).info("a");
    assertThat(lastLine()).startsWith("I0102 04:04:05.000007       1 File.java:1] \"a\"\n");
    logger(TIME, 123456789).info("a");
    assertThat(lastLine()).startsWith("I1122 16:50:27.123456 123456789 File.java:1] \"a\"\n");
  }

  @Test
  void namesTheCaller() {
    StackTraceElement here = new Throwable().getStackTrace()[0];
    log.info("a");
    assertThat(output.writes.getLast())
        .contains(" StructuredLoggerTest.java:" + (here.getLineNumber() + 1) + "] ");
  }

  @Test
  void namesTheCallerOfEveryMethod() {
    log.info("a");
    log.info("a", "k", 1);
    log.info("a", "k", 1, "l", 2);
    log.info("a", "k", 1, "l", 2, "m", 3);
    log.warn("a");
    log.error(null, "a");
    assertThat(output.writes).allMatch(line -> line.contains(" StructuredLoggerTest.java:"));
  }

  @Test
  void marksSeverity() {
    log.warn("odd", "n", 1L);
    assertThat(lastLine()).isEqualTo("W1122 16:50:27.123456    4711 File.java:1] \"odd\" n=1\n");
    log.error(new IllegalStateException("it \"broke\""), "failed", "try", 2);
    assertThat(lastLine())
        .isEqualTo(
            "E1122 16:50:27.123456    4711 File.java:1] \"failed\" err=\"it \\\"broke\\\"\""
                + " try=2\n");
    log.error(null, "failed", "try", 2);
    assertThat(lastLine()).endsWith("\"failed\" try=2\n");
    log.error(new IllegalStateException(), "failed");
    assertThat(lastLine()).endsWith("\"failed\" err=\"java.lang.IllegalStateException\"\n");
  }

  enum Word {
    ONE
  }

  record Named(String namespace, String name) {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  static final class Broken {
    @Override
    public String toString() {
      throw new IllegalStateException();
    }
  }

  static List<Arguments> values() {
    return List.of(
        Arguments.of("plain", "\"plain\""),
        Arguments.of("", "\"\""),
        Arguments.of("say \"x\" \\ tab\t", "\"say \\\"x\\\" \\\\ tab\\t\""),
        Arguments.of("grüße 日本 🙂", "\"grüße 日本 🙂\""),
        Arguments.of("\u001b[31m\u0007", "\"\\x1b[31m\\a\""),
        Arguments.of("a\r", "\"a\\r\""),
        Arguments.of("one\ntwo", "<\n\tone\n\ttwo\n >"),
        Arguments.of("one\ntwo\n", "<\n\tone\n\ttwo\n >"),
        Arguments.of("\n", "<\n\t\n >"),
        Arguments.of("a\n >\n", "<\n\ta\n\t >\n >"),
        Arguments.of(12, "12"),
        Arguments.of(-3L, "-3"),
        Arguments.of(1.5, "1.5"),
        Arguments.of(1.0, "1"),
        Arguments.of(-0.0, "-0"),
        Arguments.of(0.1f, "0.1"),
        Arguments.of(12345678.9, "12345678.9"),
        Arguments.of(1e20, "100000000000000000000"),
        Arguments.of(1e21, "1e+21"),
        Arguments.of(-1.25e-7, "-1.25e-7"),
        Arguments.of(0.000001, "0.000001"),
        Arguments.of(Double.NaN, "\"<internal error: json: unsupported value: NaN>\""),
        Arguments.of(
            Double.NEGATIVE_INFINITY, "\"<internal error: json: unsupported value: -Inf>\""),
        Arguments.of("aé\n".getBytes(StandardCharsets.UTF_8), "\"a\\u00e9\\n\""),
        Arguments.of(new byte[] {'"', (byte) 0xff, (byte) 0xc3, 0x7f}, "\"\\\"\\xff\\xc3\\x7f\""),
        Arguments.of("🙂".getBytes(StandardCharsets.UTF_8), "\"\\U0001f642\""),
        Arguments.of(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, "\"\\xed\\xa0\\x80\""),
        Arguments.of(new Object[] {"a", 1}, "[\"a\",1]"),
        Arguments.of(Path.of("/a b"), "\"/a b\""),
        Arguments.of(List.of(Path.of("/a")), "[\"/a\"]"),
        Arguments.of(new Named("ns", "name"), "\"ns/name\""),
        Arguments.of(new Broken(), "\"<panic: java.lang.IllegalStateException>\""),
        Arguments.of(new IllegalStateException("a\nb"), "<\n\ta\n\tb\n >"),
        Arguments.of(
            List.of("\u2028&\b\f\u0001\ud800"), "[\"\\u2028\\u0026\\b\\f\\u0001\\ufffd\"]"),
        Arguments.of(true, "true"),
        Arguments.of(null, "null"),
        Arguments.of(Word.ONE, "\"ONE\""),
        Arguments.of(Duration.ofMillis(1500), "\"1.5s\""),
        Arguments.of(Optional.of("x"), "\"x\""),
        Arguments.of(Optional.empty(), "null"),
        Arguments.of(List.of("a", "b\"<"), "[\"a\",\"b\\\"\\u003c\"]"),
        Arguments.of(List.of(), "[]"),
        Arguments.of(Arrays.asList(1, null, false, List.of(2)), "[1,null,false,[2]]"),
        Arguments.of(Map.of("b", 2, "a", "x\ny"), "{\"a\":\"x\\ny\",\"b\":2}"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesValues(@Nullable Object value, String expected) {
    log.info("m", "key", value);
    assertThat(lastLine()).endsWith("] \"m\" key=" + expected + "\n");
  }

  @Test
  void quotesTheMessageOnOneLine() {
    log.info("two\nlines \"quoted\"");
    assertThat(lastLine()).endsWith("] \"two\\nlines \\\"quoted\\\"\"\n");
  }

  @Test
  void showsAMissingValue() {
    log.info("m", new Object[] {"key"});
    assertThat(lastLine()).endsWith("] \"m\" key=\"(MISSING)\"\n");
  }

  @Test
  void takesKeysAsTheyAre() {
    log.info("m", new @Nullable Object[] {"a b", 1, 2, "x", null, "y"});
    assertThat(lastLine()).endsWith("] \"m\" a b=1 2=\"x\" null=\"y\"\n");
  }

  @Test
  void writesAKeyOnce() {
    log.info("m", "a", 1, "b", 2, "a", 3);
    assertThat(lastLine()).endsWith("] \"m\" b=2 a=3\n");
    log.info("m", "a", 1, "b", 2, "a", 1);
    assertThat(lastLine()).endsWith("] \"m\" a=1 b=2\n");
    log.error(new IllegalStateException("x"), "m", "k", 1, "err", "y");
    assertThat(lastLine()).endsWith("] \"m\" k=1 err=\"y\"\n");
  }

  @Test
  void keepsThePlaceOfAListThatChangesMeanwhile() {
    List<Object> list = new ArrayList<>();
    Object changesIt =
        new Object() {
          @Override
          public String toString() {
            list.clear();
            return "x";
          }
        };
    list.addAll(List.of(changesIt, 1, 2));
    log.info("m", "list", list);
    assertThat(lastLine())
        .endsWith("list=\"<internal error: java.util.ConcurrentModificationException>\"\n");
  }

  @Test
  void followsTheVerbosityOfTheMoment() {
    log.v(1).info("no");
    assertThat(log.v(1).enabled()).isFalse();
    verbosity.set(2);
    log.v(2).info("yes");
    log.v(3).info("no");
    log.v(3).limited(limit()).error(null, "no");
    verbosity.set(0);
    log.v(1).info("no");
    log.v(0).info("yes");
    assertThat(output.writes).hasSize(2).allMatch(line -> line.contains("\"yes\""));
    assertThatThrownBy(() -> verbosity.set(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holdsRepeatedLinesBackAndSaysHowMany() {
    LogLimit limit = limit();
    for (int i = 0; i < 5; i++) {
      log.limited(limit).warn("odd", "i", i);
    }
    assertThat(output.writes).hasSize(1);
    nanos += Duration.ofMinutes(1).toNanos() - 1;
    log.limited(limit).warn("odd", "i", 5);
    assertThat(output.writes).hasSize(1);
    nanos += 1;
    log.limited(limit).warn("odd", "i", 6);
    assertThat(lastLine()).endsWith("\"odd\" i=6 limit=\"odd lines\" suppressed=5\n");
    nanos += Duration.ofMinutes(1).toNanos();
    log.limited(limit).warn("odd", "i", 7);
    assertThat(lastLine()).endsWith("\"odd\" i=7\n");
  }

  private LogLimit limit() {
    return new LogLimit("odd lines", Duration.ofMinutes(1), () -> nanos);
  }

  @Test
  void survivesABrokenOutput() {
    output.broken = true;
    log.info("lost");
    output.broken = false;
    log.info("back");
    assertThat(output.writes).hasSize(1);
  }

  @Test
  void allocatesNothingForALevelThatIsOff() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Object value = "value";
    logSilently(value, 20_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    logSilently(value, 100_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    // The measurement itself allocates a little; one object per line would be over a megabyte.
    assertThat(allocated).isLessThan(10_000);
    assertThat(output.writes).isEmpty();
  }

  private void logSilently(Object value, int times) {
    for (int i = 0; i < times; i++) {
      log.v(4).info("m");
      log.v(4).info("m", "key", value);
      log.v(4).info("m", "key", value, "other", value);
    }
  }

  @Test
  void keepsLinesOfThreadsApart() throws InterruptedException {
    ByteArrayOutputStream shared = new ByteArrayOutputStream();
    Logger both =
        StructuredLogger.create(
            verbosity,
            new TextFormat(ZONE, 1, KlogOptions.DEFAULTS),
            new StreamOutput(shared, 0),
            Clock.fixed(TIME, ZONE));
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 500; i++) {
                  both.info("line", "i", i);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(shared.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2000)
        .allMatch(line -> line.startsWith("I1122 ") && line.contains("] \"line\" i="));
  }
}
