package kubeproxy.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EventJsonTest {
  private final EventJson json = new EventJson("kube-proxy-nodea", "nodea");
  private final Instant at = Instant.parse("2026-11-22T15:00:00.123456789Z");

  private static Map<?, ?> parse(String text) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  /// What an API server stored of an event that it was sent, without what it added itself.
  @Test
  void isWhatAnApiServerStores() throws IOException {
    Map<Object, Object> stored;
    try (InputStream recording = EventJsonTest.class.getResourceAsStream("events-post.json")) {
      stored =
          new LinkedHashMap<>(
              (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(recording));
    }
    stored.keySet().removeIf(key -> String.valueOf(key).startsWith("deprecated"));
    stored.put("metadata", Map.of("name", "nodea.17f0", "namespace", "default"));
    // Upstream names a Node without UID; that recording had one.
    stored.put("regarding", Map.of("kind", "Node", "name", "nodea", "apiVersion", "v1"));
    Instant recorded = Instant.parse("2026-11-22T15:00:00Z");
    Occurrence occurrence =
        new Occurrence("nodea.17f0", ProxyEvent.starting("nodea"), recorded, recorded, 1);
    assertThat(parse(json.event(occurrence))).isEqualTo(stored);
  }

  @Test
  void tellsOfAServiceAndHowOften() {
    ObjectKey key = new ObjectKey("shop", "cart");
    Problem problem =
        new Problem(
            "Service",
            key,
            "spec.externalIPs[0]",
            "x",
            Problem.Reason.ADDRESS_CONFLICT,
            "is in use by \"other\"");
    Occurrence occurrence =
        Occurrence.first(ProxyEvent.serviceProblem(problem, "u-1"), at).again(at.plusSeconds(1));
    assertThat(json.event(occurrence))
        .isEqualTo(
            """
            {"kind":"Event","apiVersion":"events.k8s.io/v1",\
            "metadata":{"name":"%s","namespace":"shop"},\
            "eventTime":"2026-11-22T15:00:00.123456Z",\
            "series":{"count":2,"lastObservedTime":"2026-11-22T15:00:01.123456Z"},\
            "reportingController":"kube-proxy","reportingInstance":"kube-proxy-nodea",\
            "action":"ProgramService","reason":"AddressConflict",\
            "regarding":{"kind":"Service","namespace":"shop","name":"cart","uid":"u-1",\
            "apiVersion":"v1"},\
            "note":"spec.externalIPs[0]: is in use by \\"other\\"","type":"Warning"}\
            """
                .formatted(occurrence.name()));
    assertThat(json.eventChange(occurrence))
        .isEqualTo(
            "{\"series\":{\"count\":2,\"lastObservedTime\":\"2026-11-22T15:00:01.123456Z\"}}");
  }

  @Test
  void speaksTheOlderFormToo() {
    ProxyEvent event =
        ProxyEvent.serviceHealthCheckFailed(
            "nodea", new ObjectKey("shop", "cart"), "", 31000, "busy");
    Occurrence occurrence = Occurrence.first(event, at).again(at.plusSeconds(1));
    assertThat(json.coreEvent(occurrence))
        .isEqualTo(
            """
            {"kind":"Event","apiVersion":"v1","metadata":{"name":"%s","namespace":"shop"},\
            "involvedObject":{"kind":"Service","namespace":"shop","name":"cart",\
            "apiVersion":"v1"},"reason":"FailedToStartServiceHealthcheck",\
            "message":"node nodea failed to start healthcheck \\"shop/cart\\" on port 31000: busy",\
            "source":{"component":"kube-proxy","host":"nodea"},\
            "firstTimestamp":"2026-11-22T15:00:00Z","lastTimestamp":"2026-11-22T15:00:01Z",\
            "count":2,"type":"Warning","reportingComponent":"kube-proxy",\
            "reportingInstance":"kube-proxy-nodea","action":"Listen"}\
            """
                .formatted(occurrence.name()));
    assertThat(json.coreEventChange(occurrence))
        .isEqualTo("{\"lastTimestamp\":\"2026-11-22T15:00:01Z\",\"count\":2}");
  }

  @Test
  void notesAreCutBetweenCharacters() {
    assertThat(ProxyEvent.modeFallback("n", "x".repeat(1024)).note()).hasSize(1024);
    assertThat(ProxyEvent.modeFallback("n", "x".repeat(1023) + "\u00e9").note()).hasSize(1023);
    assertThat(ProxyEvent.modeFallback("n", "\u00e9".repeat(600)).note()).hasSize(512);
  }
}
