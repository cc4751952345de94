package kubeproxy.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.apiclient.RequestBody;
import kubeproxy.logging.Logger;

/// Writes events to the API server: to `events.k8s.io/v1`, or to `v1` where that group is missing.
/// For one thread.
final class EventSender {
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MAX_ERROR_BYTES = 4096;

  /// For an answer of a few hundred bytes. Whoever breaks off without a word is noticed by nobody
  /// else, and all later events wait.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiTransport transport;
  private final EventJson json;
  private final Logger log;
  private final Duration patience;
  private boolean core;

  EventSender(ApiTransport transport, EventJson json, Logger log) {
    this(transport, json, log, PATIENCE);
  }

  /// @param patience how long the body of an answer may take
  EventSender(ApiTransport transport, EventJson json, Logger log, Duration patience) {
    this.transport = transport;
    this.json = json;
    this.log = log;
    this.patience = patience;
  }

  /// What became of a write.
  enum Outcome {
    WRITTEN,
    /// The server does not want it, now or later.
    REFUSED,
    /// Nobody was there, or was too busy.
    UNREACHABLE
  }

  /// An answer, as far as it matters here.
  private record Reply(int status, String text) {
    boolean isMissing() {
      return status == NOT_FOUND;
    }

    /// Whether the API group is missing, rather than the object or its namespace.
    boolean isMissingGroup() {
      return isMissing() && text.contains("the server could not find the requested resource");
    }
  }

  /// Writes an event: creates it the first time, and changes its count after that.
  Outcome write(Occurrence occurrence) throws InterruptedException {
    try {
      Reply reply = attempt(occurrence);
      if (reply.isMissingGroup() && !core) {
        core = true;
        log.v(2).info("The API server has no events.k8s.io/v1, using v1 for events");
        reply = attempt(occurrence);
      }
      return judge(occurrence, reply);
    } catch (IOException e) {
      log.v(2).info("Cannot write an event now", "err", e.getMessage());
      return Outcome.UNREACHABLE;
    }
  }

  private Reply attempt(Occurrence occurrence) throws IOException, InterruptedException {
    if (occurrence.count() > 1) {
      Reply reply = send(change(occurrence));
      // Stored events have a time to live, after which there is nothing to change.
      if (!reply.isMissing() || reply.isMissingGroup()) {
        return reply;
      }
    }
    return send(creation(occurrence));
  }

  private String path(Occurrence occurrence) {
    String namespace = occurrence.event().regarding().eventNamespace();
    String group = core ? "/api/v1" : "/apis/events.k8s.io/v1";
    return group + "/namespaces/" + namespace + "/events";
  }

  private ApiRequest creation(Occurrence occurrence) {
    String text = core ? json.coreEvent(occurrence) : json.event(occurrence);
    return ApiRequest.post(path(occurrence), RequestBody.json(text));
  }

  private ApiRequest change(Occurrence occurrence) {
    String text = core ? json.coreEventChange(occurrence) : json.eventChange(occurrence);
    String path = path(occurrence) + "/" + occurrence.name();
    return ApiRequest.patch(path, new RequestBody(MERGE_PATCH, text));
  }

  private Reply send(ApiRequest request) throws IOException, InterruptedException {
    try (ApiResponse response = transport.send(request);
        InputStream body = response.body()) {
      Thread watchdog = Thread.ofVirtual().name("events-watchdog").start(() -> giveUp(response));
      try {
        byte[] start = body.readNBytes(MAX_ERROR_BYTES);
        body.transferTo(OutputStream.nullOutputStream());
        return new Reply(response.status(), new String(start, StandardCharsets.UTF_8));
      } finally {
        watchdog.interrupt();
      }
    }
  }

  /// Gives up an answer that takes too long.
  private void giveUp(ApiResponse response) {
    try {
      Thread.sleep(patience);
      response.close();
    } catch (InterruptedException _) {
      // It has come.
    }
  }

  private Outcome judge(Occurrence occurrence, Reply reply) {
    int status = reply.status();
    if (status / 100 == 2 || status == CONFLICT) {
      // A conflict: an earlier attempt arrived, although its answer did not.
      return Outcome.WRITTEN;
    }
    if (status >= 500 || status == TOO_MANY_REQUESTS) {
      return Outcome.UNREACHABLE;
    }
    ProxyEvent event = occurrence.event();
    String hint = status == UNPROCESSABLE ? reply.text() : "";
    log.warn(
        "The API server refused an event",
        "status",
        status,
        "reason",
        event.reason(),
        "object",
        event.regarding().name(),
        "answer",
        hint);
    return Outcome.REFUSED;
  }
}
