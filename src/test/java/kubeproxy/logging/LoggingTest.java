package kubeproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoggingTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private Optional<Logging> opened = Optional.empty();

  @AfterEach
  void close() {
    opened.ifPresent(Logging::close);
  }

  private Logger open(LogFormat format, LogStreams streams, Duration flushFrequency) {
    return open(options(format, streams, flushFrequency), stdout);
  }

  private static LoggingOptions options(
      LogFormat format, LogStreams streams, Duration flushFrequency) {
    return new LoggingOptions(
        0, List.of(), flushFrequency, format, streams, streams, KlogOptions.DEFAULTS);
  }

  private Logger open(LoggingOptions options, OutputStream infos) {
    Logging logging = Logging.open(options, Clock.systemUTC(), 1, infos, stderr);
    opened = Optional.of(logging);
    return logging.logger();
  }

  private static void logAll(Logger log) {
    log.info("info");
    log.warn("warning");
    log.error(null, "error");
  }

  private static String messages(ByteArrayOutputStream stream) {
    return stream
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceFirst("^\\S.*\"(info|warning|error|long.*)\".*$", "$1"))
        .reduce("", (before, line) -> before + " " + line)
        .strip();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  @Test
  void writesEverythingToStandardErrorUnlessTold() {
    logAll(open(LogFormat.TEXT, LogStreams.STANDARD_ERROR, LONG));
    logAll(open(LogFormat.JSON, LogStreams.STANDARD_ERROR, LONG));
    assertThat(stderr.toString(StandardCharsets.UTF_8).lines()).hasSize(6);
    assertThat(stdout.size()).isZero();
  }

  @Test
  void splitsText() {
    logAll(open(LogFormat.TEXT, new LogStreams(true, 0), LONG));
    assertThat(messages(stdout)).isEqualTo("info");
    assertThat(messages(stderr)).isEqualTo("warning error");
  }

  @Test
  void splitsJson() {
    logAll(open(LogFormat.JSON, new LogStreams(true, 0), LONG));
    assertThat(stdout.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"msg\":\"info\""),
            line -> assertThat(line).contains("\"msg\":\"warning\""));
    assertThat(stderr.toString(StandardCharsets.UTF_8)).contains("\"msg\":\"error\"");
  }

  @Test
  void buffersInformationUntilTheBufferIsFull() {
    Logger log = open(LogFormat.TEXT, new LogStreams(true, 150), LONG);
    log.info("info");
    log.info("info");
    assertThat(stdout.size()).isZero();
    log.info("info");
    assertThat(messages(stdout)).isEqualTo("info info");
    log.info("long" + "x".repeat(200));
    assertThat(messages(stdout)).startsWith("info info info longx");
  }

  @Test
  void anErrorBringsOutWhatLedToIt() {
    Logger log = open(LogFormat.TEXT, new LogStreams(true, 1000), LONG);
    log.info("info");
    log.warn("warning");
    assertThat(stdout.size()).isZero();
    log.error(null, "error");
    assertThat(messages(stdout)).isEqualTo("info");
  }

  @Test
  void flushesNowAndThen() throws InterruptedException {
    Logger log = open(LogFormat.TEXT, new LogStreams(true, 1000), Duration.ofMillis(1));
    log.info("info");
    await(() -> messages(stdout).equals("info"));
    log.info("info");
    await(() -> messages(stdout).equals("info info"));
  }

  @Test
  void flushesWhenAskedAndWhenClosed() {
    Logger log = open(LogFormat.TEXT, new LogStreams(true, 1000), LONG);
    log.info("info");
    opened.orElseThrow().flush();
    assertThat(messages(stdout)).isEqualTo("info");
    log.info("info");
    opened.orElseThrow().close();
    assertThat(messages(stdout)).isEqualTo("info info");
    log.info("info");
    assertThat(messages(stdout)).isEqualTo("info info info");
  }

  @Test
  void hasAThreadOnlyForBuffers() {
    open(LogFormat.TEXT, new LogStreams(true, 0), LONG);
    assertThat(flushers()).isZero();
    open(LogFormat.TEXT, new LogStreams(true, 1), LONG);
    assertThat(flushers()).isEqualTo(1);
    opened.orElseThrow().close();
    assertThat(flushers()).isZero();
  }

  private static long flushers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("log-flush"))
        .count();
  }

  @Test
  void closesAlthoughNobodyReads() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    OutputStream fullPipe =
        new OutputStream() {
          @Override
          public void write(int b) {
            stuck.countDown();
            awaitForEver(released);
          }
        };
    StreamOutput output = new StreamOutput(fullPipe, 1000);
    output.write(Severity.INFO, new byte[1]);
    LogFlusher flusher = new LogFlusher(output, Duration.ofMillis(1), Duration.ofMillis(1));
    flusher.start();
    stuck.await();
    // Would wait for ever, and the test with it, if it waited for the stream.
    flusher.close();
    assertThat(released.getCount()).isEqualTo(1);
    released.countDown();
  }

  /// As a write to a full pipe, which no interrupt ends.
  private static void awaitForEver(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException _) {
        // Goes on waiting.
      }
    }
  }

  @Test
  void tracesTheStackWhereAsked() {
    logHere(open(with(KlogOptions.DEFAULTS), stdout));
    String untraced = stderr.toString(StandardCharsets.UTF_8);
    int line = Integer.parseInt(untraced.replaceFirst("(?s)^.*\\.java:(\\d+)].*$", "$1"));
    stderr.reset();
    Logger log = open(with(Klog.with(new SourceLine("LoggingTest.java", line))), stdout);
    logHere(log);
    log.info("plain");
    assertThat(stderr.toString(StandardCharsets.UTF_8))
        .containsSubsequence("\"here\"\nthread ", ":\n\tat ", "LoggingTest.logHere", "\"plain\"\n")
        .endsWith("\"plain\"\n");
  }

  private static void logHere(Logger log) {
    log.info("here");
  }

  @Test
  void headsLinesAsAsked() {
    open(with(Klog.folderInHeader()), stdout).info("m");
    assertThat(stderr.toString(StandardCharsets.UTF_8))
        .contains(" logging/LoggingTest.java:")
        .startsWith("I");
    stderr.reset();
    open(with(Klog.withoutHeader()), stdout).info("m");
    assertThat(stderr.toString(StandardCharsets.UTF_8)).isEqualTo("\"m\"\n");
  }

  private static LoggingOptions with(KlogOptions klog) {
    LogStreams streams = LogStreams.STANDARD_ERROR;
    return new LoggingOptions(0, List.of(), LONG, LogFormat.TEXT, streams, streams, klog);
  }
}
