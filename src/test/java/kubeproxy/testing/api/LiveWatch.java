package kubeproxy.testing.api;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One watch of a store.
final class LiveWatch {
  private static final long LONGEST_SECONDS = 1800;

  private final ObjectStore store;
  private final ApiKind kind;
  private final String apiVersion;
  private final ApiCall call;
  private final Personality personality;
  private final long bookmarkNanos;
  private final Wire wire;
  private final Selector selector;
  private final boolean bookmarks;

  LiveWatch(
      ObjectStore store,
      ApiKind.Served served,
      ApiCall call,
      Personality personality,
      Duration bookmarkEvery) {
    this.store = store;
    this.kind = served.kind();
    this.apiVersion = served.groupVersion();
    this.call = call;
    this.personality = personality;
    this.bookmarkNanos = bookmarkEvery.toNanos();
    this.wire = Wire.accepted(call.header("accept"));
    this.selector = new Selector(call.parameter("labelSelector"), call.parameter("fieldSelector"));
    this.bookmarks =
        personality.bookmarks() && call.parameter("allowWatchBookmarks").equals("true");
  }

  void serve(HttpReply reply) throws IOException, InterruptedException {
    String from = call.parameter("resourceVersion");
    boolean initial = call.isWatchList() || from.isEmpty() || from.equals("0");
    long since = initial ? 0 : Long.parseLong(from);
    if (!initial && !store.remembers(since) && personality.goneByStatus()) {
      Refusals.send(call, reply, 410, "Gone", tooOld(from));
      return;
    }
    reply.begin(200, Map.of("Content-Type", wire.watchMediaType()));
    if (initial) {
      since = sendInitial(reply);
    } else if (!store.remembers(since)) {
      sendGone(from, reply);
      reply.end();
      return;
    }
    follow(since, reply);
    reply.end();
  }

  private String tooOld(String version) {
    return "too old resource version: " + version + " (" + store.version() + ")";
  }

  private long sendInitial(HttpReply reply) throws IOException, InterruptedException {
    ObjectStore.View view = store.view(kind);
    for (StoredObject object : view.objects()) {
      if (selector.test(object.fields())) {
        reply.piece(object.event("ADDED", apiVersion, wire));
      }
    }
    if (call.isWatchList() && personality.watchLists() == Personality.WatchLists.SERVED) {
      reply.piece(bookmark(view.version(), true));
    }
    return view.version();
  }

  private byte[] bookmark(long version, boolean end) {
    Map<String, @Nullable Object> annotations =
        end ? Tree.of("k8s.io/initial-events-end", "true") : Map.of();
    Map<String, @Nullable Object> metadata =
        Tree.of("resourceVersion", Long.toString(version), "annotations", annotations);
    return wire.event("BOOKMARK", apiVersion, kind.kindName(), kind, Tree.of("metadata", metadata));
  }

  private void follow(long from, HttpReply reply) throws IOException, InterruptedException {
    long since = from;
    String limit = call.parameter("timeoutSeconds");
    long seconds = limit.isEmpty() ? LONGEST_SECONDS : Long.parseLong(limit);
    long deadline = System.nanoTime() + seconds * 1_000_000_000;
    long bookmarkDue = System.nanoTime() + bookmarkNanos;
    while (System.nanoTime() < deadline) {
      long next = bookmarks ? Math.min(deadline, bookmarkDue) : deadline;
      long millis = Math.max(0, next - System.nanoTime()) / 1_000_000 + 1;
      ObjectStore.Changes changes = store.changesAfter(since, millis);
      if (changes.gone()) {
        sendGone(Long.toString(since), reply);
        return;
      }
      for (byte[] event : arranged(changes.all(), reply.fault())) {
        reply.piece(event);
      }
      since = Math.max(since, changes.version());
      if (bookmarks && System.nanoTime() >= bookmarkDue) {
        reply.piece(bookmark(changes.version(), false));
        bookmarkDue = System.nanoTime() + bookmarkNanos;
      }
    }
  }

  private void sendGone(String from, HttpReply reply) throws IOException, InterruptedException {
    Map<String, @Nullable Object> status = Refusals.status(410, "Expired", tooOld(from), 0);
    reply.piece(wire.event("ERROR", "v1", "Status", null, status));
  }

  private List<byte[]> arranged(List<ObjectStore.Change> changes, Optional<Fault> fault) {
    List<byte[]> events = new ArrayList<>();
    changes.forEach(change -> event(change).ifPresent(events::add));
    if (fault.orElse(null) instanceof Fault.Reorder) {
      Collections.reverse(events);
    }
    if (fault.orElse(null) instanceof Fault.Duplicate) {
      List<byte[]> twice = new ArrayList<>();
      events.forEach(event -> Collections.addAll(twice, event, event));
      return twice;
    }
    return events;
  }

  /// A change as who watches with this selector sees it.
  private Optional<byte[]> event(ObjectStore.Change change) {
    if (change.kind() != kind) {
      return Optional.empty();
    }
    @Nullable StoredObject before = selected(change.before());
    @Nullable StoredObject after = selected(change.after());
    if (after != null) {
      return Optional.of(after.event(before == null ? "ADDED" : "MODIFIED", apiVersion, wire));
    }
    return before == null
        ? Optional.empty()
        : Optional.of(before.at(change.version()).event("DELETED", apiVersion, wire));
  }

  private @Nullable StoredObject selected(@Nullable StoredObject object) {
    return object != null && selector.test(object.fields()) ? object : null;
  }
}
