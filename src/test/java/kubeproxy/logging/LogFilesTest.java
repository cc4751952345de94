package kubeproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
  private static final Path FULL_DISK = Path.of("/dev/full");

  @TempDir private Path folder;

  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T15:50:27Z"));
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private final List<Logging> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Logging::close);
  }

  private Logging open(KlogOptions klog) {
    LoggingOptions defaults = LoggingOptions.DEFAULTS;
    LoggingOptions options =
        new LoggingOptions(
            0,
            List.of(),
            Duration.ofHours(1),
            LogFormat.TEXT,
            defaults.text(),
            defaults.json(),
            klog);
    Logging logging = Logging.open(options, clock, 4711, OutputStreams.none(), stderr);
    opened.add(logging);
    return logging;
  }

  private static void logAll(Logging logging) {
    logging.logger().info("info");
    logging.logger().warn("warning");
    logging.logger().error(null, "error");
  }

  /// The messages in the file that a link leads to.
  private List<String> linked(String link) throws IOException {
    return messages(folder.resolve(link));
  }

  private static List<String> messages(Path file) throws IOException {
    return messagesIn(Files.readString(file));
  }

  private static List<String> messagesIn(String text) {
    return text.lines()
        .filter(line -> line.contains("] \""))
        .map(line -> line.replaceFirst("^.*] \"(\\w+).*$", "$1"))
        .toList();
  }

  private List<String> standardError() {
    return messagesIn(stderr.toString(StandardCharsets.UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesOneFilePerSeverityAndEverythingIntoTheLowest() throws IOException {
    logAll(open(Klog.files(folder, false)));
    assertThat(linked("kube-proxy.INFO")).containsExactly("info", "warning", "error");
    assertThat(linked("kube-proxy.WARNING")).containsExactly("warning", "error");
    assertThat(linked("kube-proxy.ERROR")).containsExactly("error");
    assertThat(standardError()).containsExactly("error");
  }

  @Test
  void writesEachLineOnce() throws IOException {
    logAll(open(Klog.files(folder, true)));
    assertThat(linked("kube-proxy.INFO")).containsExactly("info");
    assertThat(linked("kube-proxy.WARNING")).containsExactly("warning");
    assertThat(linked("kube-proxy.ERROR")).containsExactly("error");
  }

  @Test
  void namesFilesAndStartsThemAsKlog() throws IOException {
    logAll(open(Klog.files(folder, false)));
    Path target = Files.readSymbolicLink(folder.resolve("kube-proxy.INFO"));
    assertThat(target.toString())
        .matches("kube-proxy\\.[^.]+\\..+\\.log\\.INFO\\.20261122-155027\\.4711");
    assertThat(names()).hasSize(6);
    assertThat(Files.readAllLines(folder.resolve(target)))
        .satisfies(
            lines -> assertThat(lines.get(0)).isEqualTo("Log file created at: 2026/11/22 15:50:27"),
            lines -> assertThat(lines.get(1)).startsWith("Running on machine: "))
        .satisfies(lines -> assertThat(lines.get(2)).startsWith("Binary: Built with java 25"))
        .satisfies(lines ->
            assertThat(lines.get(3))
                .isEqualTo("Log line format: [IWEF]mmdd hh:mm:ss.uuuuuu threadid file:line] msg"));
  }

  @Test
  void createsNoFileForWhatDoesNotHappen() throws IOException {
    Logging logging = open(Klog.files(folder, false));
    assertThat(names()).isEmpty();
    logging.logger().info("info");
    assertThat(names()).hasSize(2).contains("kube-proxy.INFO");
  }

  @Test
  void buffersAllButErrors() throws IOException {
    Logging logging = open(Klog.files(folder, false));
    logging.logger().info("info");
    logging.logger().warn("warning");
    assertThat(linked("kube-proxy.INFO")).isEmpty();
    logging.flush();
    assertThat(linked("kube-proxy.INFO")).containsExactly("info", "warning");
    logging.logger().info("info");
    logging.logger().error(null, "error");
    assertThat(linked("kube-proxy.INFO")).containsExactly("info", "warning", "info", "error");
    logging.logger().info("last");
    logging.close();
    assertThat(linked("kube-proxy.INFO")).endsWith("last");
    logging.logger().info("late");
    assertThat(linked("kube-proxy.INFO")).endsWith("last", "late");
  }

  @Test
  void beginsAFileWhenOneIsFull() throws IOException {
    Logging logging = open(Klog.files(folder, false));
    logging.logger().info("one", "padding", "x".repeat(700_000));
    Path first = folder.resolve(Files.readSymbolicLink(folder.resolve("kube-proxy.INFO")));
    logging.logger().info("two", "padding", "x".repeat(700_000));
    logging.flush();
    // In the same second there is no other name.
    assertThat(messages(first)).containsExactly("one", "two");
    now.updateAndGet(before -> before.plusSeconds(1));
    logging.logger().info("three");
    logging.flush();
    assertThat(messages(first)).containsExactly("one", "two");
    assertThat(linked("kube-proxy.INFO")).containsExactly("three");
    assertThat(names()).hasSize(3);
  }

  @Test
  void emptiesTheOneFileWhenItIsFull() throws IOException {
    Path file = folder.resolve("log");
    Files.writeString(file, "] \"before\"\n");
    Logging logging = open(Klog.file(file, false, Severity.FATAL));
    logAll(logging);
    assertThat(messages(file)).containsExactly("before", "info", "warning", "error");
    assertThat(standardError()).isEmpty();
    logging.logger().info("big", "padding", "x".repeat(1024 * 1024 - 100));
    logging.logger().info("last");
    logging.flush();
    assertThat(messages(file)).containsExactly("last");
    assertThat(names()).containsExactly("log");
  }

  @Test
  void showsWhatIsBadEnough() {
    logAll(open(Klog.file(folder.resolve("a"), false, Severity.WARNING)));
    assertThat(standardError()).containsExactly("warning", "error");
    stderr.reset();
    logAll(open(Klog.file(folder.resolve("b"), true, Severity.FATAL)));
    assertThat(standardError()).containsExactly("info", "warning", "error");
  }

  @Test
  void losesNothingWhenTheDiskIsFullAndSaysSoOnce() {
    Logging logging = open(Klog.file(FULL_DISK, false, Severity.FATAL));
    logging.logger().info("one");
    logging.logger().info("two");
    assertThat(standardError()).isEmpty();
    logging.flush();
    assertThat(standardError()).containsExactly("Cannot", "one", "two");
    logging.logger().info("three");
    logging.flush();
    logging.logger().info("four");
    logging.close();
    assertThat(standardError()).containsExactly("Cannot", "one", "two", "three", "four");
  }

  @Test
  void goesOnWhenTheFileCanBeWrittenAgain() throws IOException {
    Path file = folder.resolve("missing/log");
    Logging logging = open(Klog.file(file, false, Severity.FATAL));
    logging.logger().info("one");
    assertThat(standardError()).containsExactly("Cannot", "one");
    assertThat(stderr.toString(StandardCharsets.UTF_8)).contains("missing/log");
    Files.createDirectory(file.getParent());
    logging.logger().info("two");
    assertThat(standardError()).containsExactly("Cannot", "one", "two");
    logging.flush();
    logging.logger().info("three");
    logging.flush();
    assertThat(standardError()).containsExactly("Cannot", "one", "two");
    assertThat(messages(file)).containsExactly("three");
  }

  @Test
  void complainsOncePerFileWithoutRepeatingLines() {
    logAll(open(Klog.files(folder.resolve("missing"), false)));
    assertThat(standardError())
        .containsExactly("Cannot", "info", "warning", "Cannot", "error", "Cannot");
  }

  @Test
  void followsNoLinkInPlaceOfAFile() throws IOException {
    Logging first = open(Klog.files(folder, false));
    first.logger().info("one");
    first.close();
    Path file = folder.resolve(Files.readSymbolicLink(folder.resolve("kube-proxy.INFO")));
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    Files.delete(file);
    Files.createSymbolicLink(file, precious);
    open(Klog.files(folder, false)).logger().info("two");
    assertThat(precious).content().isEqualTo("precious");
    assertThat(standardError()).containsExactly("Cannot", "two");
  }
}
