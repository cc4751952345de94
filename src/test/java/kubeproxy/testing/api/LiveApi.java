package kubeproxy.testing.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Serves an [ObjectStore] as an API server of some version would: lists, pages, watches,
/// discovery, `/version`, and events that are posted.
public final class LiveApi implements Answers {
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/";
  private static final String CORE_EVENTS = "/api/v1/namespaces/";

  private final ObjectStore store;
  private final Map<String, Pages> pages = new HashMap<>();
  private final List<Map<String, @Nullable Object>> events = new ArrayList<>();
  private volatile Personality personality = Personality.current();
  private volatile Duration bookmarkEvery = Duration.ofMinutes(1);

  /// The rest of a list that is read page by page.
  private record Pages(long version, List<StoredObject> rest) {
    Pages {
      rest = List.copyOf(rest);
    }
  }

  /// Serves a store.
  public LiveApi(ObjectStore store) {
    this.store = store;
  }

  /// Becomes a server of another version.
  public LiveApi become(Personality other) {
    personality = other;
    return this;
  }

  /// Sets how often watches carry bookmarks.
  public LiveApi bookmarkEvery(Duration period) {
    bookmarkEvery = period;
    return this;
  }

  /// Lets all tokens for further pages expire.
  public synchronized void expirePages() {
    pages.clear();
  }

  /// The events that were posted.
  public synchronized List<Map<String, @Nullable Object>> events() {
    return List.copyOf(events);
  }

  @Override
  public void answer(ApiCall call, HttpReply reply) throws IOException, InterruptedException {
    Optional<ApiKind.Served> served =
        ApiKind.atPath(call.path()).filter(s -> personality.serves(s.kind(), s.version()));
    if (call.method().equals("POST") && isEvents(call.path())) {
      post(call, reply);
    } else if (!call.method().equals("GET")) {
      Refusals.send(call, reply, 405, "MethodNotAllowed", "the server does not allow this method");
    } else if (served.isPresent() && call.isWatch()) {
      watch(served.get(), call, reply);
    } else if (served.isPresent()) {
      list(served.get(), call, reply);
    } else {
      other(call, reply);
    }
  }

  private void watch(ApiKind.Served served, ApiCall call, HttpReply reply)
      throws IOException, InterruptedException {
    if (call.isWatchList() && personality.watchLists() == Personality.WatchLists.REFUSED) {
      String message =
          "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the"
              + " WatchList feature gate is enabled";
      Refusals.send(call, reply, 422, "Invalid", message);
      return;
    }
    new LiveWatch(store, served, call, personality, bookmarkEvery).serve(reply);
  }

  private static boolean isEvents(String path) {
    return (path.startsWith(EVENTS) || path.startsWith(CORE_EVENTS)) && path.endsWith("/events");
  }

  private void post(ApiCall call, HttpReply reply) throws IOException, InterruptedException {
    Map<String, @Nullable Object> event = Tree.ofJson(call.body());
    synchronized (this) {
      events.add(event);
    }
    String body = Tree.toJson(event);
    reply.send(201, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  private void list(ApiKind.Served served, ApiCall call, HttpReply reply)
      throws IOException, InterruptedException {
    String wanted = call.parameter("resourceVersion");
    String token = call.parameter("continue");
    if (wanted.matches("[0-9]+") && Long.parseLong(wanted) > store.version()) {
      tooLarge(wanted, call, reply);
      return;
    }
    Optional<Pages> all = token.isEmpty() ? Optional.of(fresh(served, call)) : take(token);
    if (all.isEmpty()) {
      String message = "The provided continue parameter is too old";
      Refusals.send(call, reply, 410, "Expired", message);
      return;
    }
    String limitText = call.parameter("limit");
    boolean unpaged = limitText.isEmpty() || (wanted.equals("0") && personality.watchCache());
    int limit = unpaged ? Integer.MAX_VALUE : Integer.parseInt(limitText);
    List<StoredObject> rest = all.get().rest();
    int count = Math.min(limit, rest.size());
    String next =
        count == rest.size() ? "" : keep(all.get().version(), rest.subList(count, rest.size()));
    Map<String, @Nullable Object> metadata =
        Tree.of(
            "resourceVersion",
            Long.toString(all.get().version()),
            "continue",
            next.isEmpty() ? null : next);
    Wire wire = Wire.accepted(call.header("accept"));
    String apiVersion = served.groupVersion();
    List<byte[]> items = new ArrayList<>();
    rest.subList(0, count).forEach(object -> items.add(object.listItem(apiVersion, wire)));
    reply.send(200, wire.mediaType(), wire.list(served.kind(), apiVersion, metadata, items));
  }

  private Pages fresh(ApiKind.Served served, ApiCall call) {
    ObjectStore.View view = store.view(served.kind());
    Selector selector =
        new Selector(call.parameter("labelSelector"), call.parameter("fieldSelector"));
    return new Pages(
        view.version(), view.objects().stream().filter(o -> selector.test(o.fields())).toList());
  }

  private synchronized Optional<Pages> take(String token) {
    return Optional.ofNullable(pages.get(token));
  }

  private synchronized String keep(long version, List<StoredObject> rest) {
    String token = "page-" + pages.size() + "-" + version;
    pages.put(token, new Pages(version, rest));
    return token;
  }

  private void tooLarge(String wanted, ApiCall call, HttpReply reply)
      throws IOException, InterruptedException {
    String message =
        "Timeout: Too large resource version: %s, current: %d".formatted(wanted, store.version());
    Refusals.send(call, reply, 504, "Timeout", message, 1);
  }

  private void other(ApiCall call, HttpReply reply) throws IOException, InterruptedException {
    Optional<String> text =
        switch (call.path()) {
          case "/healthz", "/livez", "/readyz" -> Optional.of("ok");
          case "/version" -> Optional.of(version());
          default -> new Discovery(personality).document(call.path());
        };
    if (text.isPresent()) {
      reply.send(200, "application/json", text.get().getBytes(StandardCharsets.UTF_8));
      return;
    }
    if (!single(call, reply)) {
      String message = "the server could not find the requested resource";
      Refusals.send(call, reply, 404, "NotFound", message);
    }
  }

  private boolean single(ApiCall call, HttpReply reply) throws IOException, InterruptedException {
    String nodes = ApiKind.NODE.path("v1") + "/";
    if (!call.path().startsWith(nodes)) {
      return false;
    }
    String name = call.path().substring(nodes.length());
    Map<String, @Nullable Object> fields = store.get(ApiKind.NODE, "/" + name);
    if (fields.isEmpty()) {
      return false;
    }
    Map<String, @Nullable Object> node = Tree.of("kind", "Node", "apiVersion", "v1");
    node.putAll(fields);
    reply.send(200, "application/json", Tree.toJson(node).getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private String version() {
    String[] parts = personality.version().split("\\.");
    return Tree.toJson(
        Tree.of(
            "major",
            parts[0],
            "minor",
            parts[1],
            "gitVersion",
            "v" + personality.version() + ".0",
            "platform",
            "linux/amd64"));
  }
}
