package kubeproxy.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kubeproxy.events.RecordingTransport.Reply;
import kubeproxy.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ApiEventRecorderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ProxyEvent EVENT = ProxyEvent.starting("node1");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String NAME =
      "node1." + Long.toHexString(NOW.getEpochSecond() * 1_000_000_000);
  private static final String GROUP = "/apis/events.k8s.io/v1/namespaces/default/events";
  private static final String CORE = "/api/v1/namespaces/default/events";

  private final RecordingTransport transport = new RecordingTransport();
  private final ApiEventRecorder recorder =
      new ApiEventRecorder(
          transport,
          new ApiEventRecorder.Options(
              "host1", Clock.fixed(NOW, ZoneOffset.UTC), System::nanoTime, Duration.ofMillis(1)),
          Logger.SILENT);

  @AfterEach
  void stop() {
    recorder.close();
  }

  private void flush() throws InterruptedException {
    assertThat(recorder.flush(PATIENCE)).isTrue();
  }

  private static String resource(String name) {
    try (InputStream in = ApiEventRecorderTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void createsAndThenCounts() throws Exception {
    recorder.record(EVENT);
    recorder.start();
    recorder.record(EVENT);
    recorder.record(EVENT);
    flush();
    assertThat(transport.lines()).containsExactly("POST " + GROUP, "PATCH " + GROUP + "/" + NAME);
    assertThat(transport.requests().getFirst().body().orElseThrow().contentType())
        .isEqualTo("application/json");
    assertThat(transport.requests().getLast().body().orElseThrow().contentType())
        .isEqualTo("application/merge-patch+json");
    assertThat(transport.lastBody()).contains("\"count\":2");
    assertThat(recorder.counts()).isEqualTo(new EventCounts(2, 0, 0, 0));
  }

  @Test
  void usesCoreWhereTheGroupIsMissing() throws Exception {
    transport.answerBy(request ->
        request.path().startsWith("/apis/")
            ? new Reply(404, resource("missing-group.json"))
            : new Reply(201, "{}"));
    recorder.start();
    recorder.record(EVENT);
    recorder.record(EVENT);
    flush();
    assertThat(transport.lines())
        .containsExactly("POST " + GROUP, "POST " + CORE, "PATCH " + CORE + "/" + NAME);
    assertThat(transport.requests().get(1).body().orElseThrow().text())
        .contains("\"involvedObject\"");
  }

  @Test
  void createsAnewWhatTheServerForgot() throws Exception {
    transport.answerBy(request ->
        request.method().equals("PATCH")
            ? new Reply(404, "{\"message\":\"events.events.k8s.io \\\"x\\\" not found\"}")
            : new Reply(201, "{}"));
    recorder.start();
    recorder.record(EVENT);
    recorder.record(EVENT);
    flush();
    assertThat(transport.lines())
        .containsExactly("POST " + GROUP, "PATCH " + GROUP + "/" + NAME, "POST " + GROUP);
    assertThat(transport.lastBody()).contains("\"series\":{\"count\":2");
  }

  @Test
  void triesAgainWhenNobodyIsThere() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    int[] statuses = {0, 503, 429, 500, 201};
    transport.answerBy(_ -> new Reply(statuses[calls.getAndIncrement()], ""));
    recorder.start();
    recorder.record(EVENT);
    flush();
    assertThat(transport.requests()).hasSize(5);
    assertThat(recorder.counts()).isEqualTo(new EventCounts(1, 0, 0, 0));
  }

  @Test
  void givesUpInTheEnd() throws Exception {
    transport.answerBy(_ -> new Reply(0, ""));
    recorder.start();
    recorder.record(EVENT);
    flush();
    assertThat(transport.requests()).hasSize(12);
    assertThat(recorder.counts()).isEqualTo(new EventCounts(0, 0, 0, 1));
  }

  @Test
  void doesNotInsistOnWhatIsRefused() throws Exception {
    transport.answerBy(_ -> new Reply(403, "no"));
    recorder.start();
    recorder.record(EVENT);
    flush();
    assertThat(transport.requests()).hasSize(1);
    assertThat(recorder.counts()).isEqualTo(new EventCounts(0, 0, 0, 1));
  }

  @Test
  void anEventThatIsThereAlreadyIsWritten() throws Exception {
    transport.answerBy(_ -> new Reply(409, "exists"));
    recorder.start();
    recorder.record(EVENT);
    flush();
    assertThat(recorder.counts()).isEqualTo(new EventCounts(1, 0, 0, 0));
  }

  @Test
  void neverMakesItsCallersWait() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    transport.answerBy(_ -> {
      reached.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Reply(201, "");
    });
    recorder.start();
    recorder.record(EVENT);
    reached.await();
    for (int i = 0; i < 1_003; i++) {
      recorder.record(EVENT);
    }
    assertThat(recorder.counts().dropped()).isEqualTo(3);
    assertThat(recorder.flush(Duration.ofMillis(1))).isFalse();
    release.countDown();
    flush();
    assertThat(transport.requests()).hasSize(2);
  }

  @Test
  void withoutAServerNothingHappens() {
    EventRecorder.NONE.record(EVENT);
    recorder.record(EVENT);
    assertThat(transport.requests()).isEmpty();
  }
}
