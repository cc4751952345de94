package kubeproxy.logging;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kubeproxy.testing.Golden;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The same events in each format, as users and their parsers see them.
class LogGoldenTest {
  private static final Instant TIME = Instant.parse("2026-11-22T15:50:27.123456Z");
  private static final CallSite CALLER =
      new CallSite("kubeproxy.engine.SyncLoop", "SyncLoop.java", 123);

  private static final List<LogEvent> EVENTS =
      List.of(
          info(0, "Synced", "ipFamily", "IPv4", "operations", 12, "took", Duration.ofMillis(31)),
          info(4, "Two\nlines", "value", "one\n\ttwo\n"),
          info(2, "Node addresses", "addresses", List.of("10.0.0.1", "fd00::1")),
          info(0, "Labels", "labels", Map.of("zone", "a", "big", true), "none", null),
          event(Severity.WARNING, null, "Odd", "service", "ns/name", "ratio", 0.5),
          event(Severity.ERROR, new IllegalStateException("it \"broke\""), "Failed", "try", 2),
          event(Severity.ERROR, new IllegalStateException("a: b\n c"), "Failed"),
          event(Severity.ERROR, new NoSuchFileException("/f"), "Failed"),
          event(Severity.ERROR, new AccessDeniedException("/f"), "Failed"));

  private static LogEvent info(int level, String message, @Nullable Object... pairs) {
    return new LogEvent(Severity.INFO, level, TIME, CALLER, message, null, pairs);
  }

  private static LogEvent event(
      Severity severity, @Nullable Throwable error, String message, @Nullable Object... pairs) {
    return new LogEvent(severity, 0, TIME, CALLER, message, error, pairs);
  }

  private static String all(LineFormat format) {
    List<String> lines = new ArrayList<>();
    EVENTS.forEach(event -> lines.add(format.line(event)));
    return String.join("", lines);
  }

  @Test
  void text() {
    Golden.check(
        "logging/text.txt", all(new TextFormat(ZoneOffset.UTC, 4711, KlogOptions.DEFAULTS)));
  }

  @Test
  void json() {
    Golden.check("logging/json.txt", all(new JsonFormat()));
  }
}
