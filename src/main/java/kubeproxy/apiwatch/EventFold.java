package kubeproxy.apiwatch;

import java.io.IOException;
import java.util.Optional;
import kubeproxy.apidecode.ApiEvent;
import kubeproxy.apidecode.ApiItem;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.apidecode.MalformedItem;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;

/// Folds lists and events of one kind into what is known, and hands on the difference. Belongs to
/// the thread of one watch.
final class EventFold {
  private final KnownObjects known = new KnownObjects();
  private final WatchOutput output;
  private final KindStatus status;
  private final WatchParts parts;

  /// Up to which all is known; empty before the first list.
  private String version = "";

  EventFold(WatchOutput output, KindStatus status, WatchParts parts) {
    this.output = output;
    this.status = status;
    this.parts = parts;
  }

  String version() {
    return version;
  }

  KnownObjects known() {
    return known;
  }

  /// Takes a whole state and hands on what differs.
  void finish(KnownObjects.Draft draft, String draftVersion) {
    draft.problems().forEach(output::ignored);
    Optional<ClusterDelta> delta = draft.finish();
    version = draftVersion;
    status.listed(known.size(), known.malformed());
    delta.ifPresent(output::put);
  }

  /// Takes an event.
  ///
  /// @throws ApiFailure if the server gives up the watch
  /// @throws WentBackException if the event cannot be later than what is known
  void take(ApiEvent event, ApiResource resource) throws IOException {
    switch (event) {
      case ApiEvent.Added added -> put(added.item());
      case ApiEvent.Modified modified -> put(modified.item());
      case ApiEvent.Deleted deleted -> {
        advance(deleted.resourceVersion());
        Optional<ClusterDelta> delta = known.remove(deleted.id());
        counted(delta);
      }
      case ApiEvent.Bookmark bookmark -> {
        advance(bookmark.resourceVersion());
        status.bookmark();
      }
      case ApiEvent.Failed failed ->
          throw new ApiFailure(failed.status(), ApiCalls.retryAfter(failed.status()));
      case ApiEvent.Skipped skipped -> {
        advance(skipped.resourceVersion());
        known.keep(skipped.item());
        output.ignored(problem(skipped.item()));
        counted(Optional.empty());
      }
      case ApiEvent.Unknown unknown ->
          parts
              .log()
              .v(2)
              .info(
                  "Event of an unknown type", "type", unknown.type(), "resource", resource.path());
    }
  }

  private void put(ApiItem item) throws WentBackException {
    advance(item.resourceVersion());
    Optional<ClusterDelta> delta = known.put(item);
    item.ignored().forEach(output::ignored);
    counted(delta);
  }

  private void counted(Optional<ClusterDelta> delta) {
    status.event(known.size(), known.malformed());
    delta.ifPresent(output::put);
  }

  private void advance(String next) throws WentBackException {
    if (Versions.wentBack(version, next)) {
      throw new WentBackException(version, next);
    }
    if (!next.isEmpty()) {
      version = next;
    }
  }

  /// What to tell about an object that could not be decoded.
  static Problem problem(MalformedItem item) {
    int slash = item.name().indexOf('/');
    ObjectKey key =
        slash < 0
            ? new ObjectKey("", item.name())
            : new ObjectKey(item.name().substring(0, slash), item.name().substring(slash + 1));
    return new Problem(
        item.resource().kind(),
        key,
        "",
        "",
        Problem.Reason.INVALID_VALUE,
        "could not be decoded and is left as it was: " + item.reason());
  }
}
