package kubeproxy.events;

import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The text of events for the API server.
///
/// @param instance which of all proxies speaks, as in `kube-proxy-node1`
/// @param host the host it runs on
record EventJson(String instance, String host) {
  private static final String CONTROLLER = "kube-proxy";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  /// An `Event` of `events.k8s.io/v1`.
  String event(Occurrence occurrence) {
    ProxyEvent event = occurrence.event();
    return object(out -> {
      head(out, "events.k8s.io/v1", occurrence);
      out.writeStringProperty("eventTime", micros(occurrence.first()));
      if (occurrence.count() > 1) {
        writeSeries(out, occurrence);
      }
      reporter(out, "reportingController", event);
      out.writeStringProperty("reason", event.reason());
      writeRegarding(out, "regarding", event.regarding());
      if (!event.note().isEmpty()) {
        out.writeStringProperty("note", event.note());
      }
      out.writeStringProperty("type", event.type().text());
    });
  }

  /// What changes of it with each time.
  String eventChange(Occurrence occurrence) {
    return object(out -> writeSeries(out, occurrence));
  }

  /// An `Event` of `v1`, for servers without the group.
  String coreEvent(Occurrence occurrence) {
    ProxyEvent event = occurrence.event();
    return object(out -> {
      head(out, "v1", occurrence);
      writeRegarding(out, "involvedObject", event.regarding());
      out.writeStringProperty("reason", event.reason());
      out.writeStringProperty("message", event.note());
      out.writeName("source");
      out.writeStartObject();
      out.writeStringProperty("component", CONTROLLER);
      out.writeStringProperty("host", host);
      out.writeEndObject();
      out.writeStringProperty("firstTimestamp", SECONDS.format(occurrence.first()));
      writeCount(out, occurrence);
      out.writeStringProperty("type", event.type().text());
      reporter(out, "reportingComponent", event);
    });
  }

  /// What changes of it with each time.
  String coreEventChange(Occurrence occurrence) {
    return object(out -> writeCount(out, occurrence));
  }

  private static String object(Consumer<JsonGenerator> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      fields.accept(out);
      out.writeEndObject();
    }
    return text.toString();
  }

  private static void head(JsonGenerator out, String apiVersion, Occurrence occurrence) {
    out.writeStringProperty("kind", "Event");
    out.writeStringProperty("apiVersion", apiVersion);
    out.writeName("metadata");
    out.writeStartObject();
    out.writeStringProperty("name", occurrence.name());
    out.writeStringProperty("namespace", occurrence.event().regarding().eventNamespace());
    out.writeEndObject();
  }

  private void reporter(JsonGenerator out, String controllerField, ProxyEvent event) {
    out.writeStringProperty(controllerField, CONTROLLER);
    out.writeStringProperty("reportingInstance", instance);
    out.writeStringProperty("action", event.action());
  }

  private static void writeSeries(JsonGenerator out, Occurrence occurrence) {
    out.writeName("series");
    out.writeStartObject();
    out.writeNumberProperty("count", occurrence.count());
    out.writeStringProperty("lastObservedTime", micros(occurrence.last()));
    out.writeEndObject();
  }

  private static void writeCount(JsonGenerator out, Occurrence occurrence) {
    out.writeStringProperty("lastTimestamp", SECONDS.format(occurrence.last()));
    out.writeNumberProperty("count", occurrence.count());
  }

  private static void writeRegarding(JsonGenerator out, String field, Regarding regarding) {
    out.writeName(field);
    out.writeStartObject();
    out.writeStringProperty("kind", regarding.kind());
    if (!regarding.namespace().isEmpty()) {
      out.writeStringProperty("namespace", regarding.namespace());
    }
    out.writeStringProperty("name", regarding.name());
    if (!regarding.uid().isEmpty()) {
      out.writeStringProperty("uid", regarding.uid());
    }
    out.writeStringProperty("apiVersion", "v1");
    out.writeEndObject();
  }

  private static String micros(Instant at) {
    return MICROS.format(at);
  }
}
