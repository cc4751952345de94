package kubeproxy.apiwatch;

import java.io.IOException;
import java.util.Optional;
import kubeproxy.apidecode.ApiEvent;
import kubeproxy.apidecode.EventReader;

/// The beginning of a watch that sends the whole state first (KEP-3157).
final class InitialStream {
  private InitialStream() {}

  /// What became of it.
  sealed interface Outcome {
    /// The draft is complete.
    record Complete(String version) implements Outcome {}

    /// The server watches, but does not say where the state ends.
    record Endless(String why) implements Outcome {}
  }

  /// Reads up to the bookmark that ends the state.
  ///
  /// @throws ApiFailure if the server gives up the watch
  static Outcome read(EventReader events, WatchedBody body, KnownObjects.Draft draft)
      throws IOException {
    try {
      while (true) {
        Optional<ApiEvent> next = events.next();
        if (next.isEmpty()) {
          throw new IOException("the watch ended within its initial state");
        }
        switch (next.get()) {
          case ApiEvent.Added added -> draft.item(added.item());
          case ApiEvent.Modified modified -> draft.item(modified.item());
          case ApiEvent.Deleted deleted -> draft.remove(deleted.id());
          case ApiEvent.Skipped skipped -> draft.malformed(skipped.item());
          case ApiEvent.Failed failed ->
              throw new ApiFailure(failed.status(), ApiCalls.retryAfter(failed.status()));
          case ApiEvent.Unknown _ -> {}
          case ApiEvent.Bookmark bookmark -> {
            return bookmark.initialEventsEnd()
                ? new Outcome.Complete(bookmark.resourceVersion())
                : new Outcome.Endless("a bookmark came that ends nothing");
          }
        }
      }
    } catch (IOException e) {
      if (body.wasSilent()) {
        return new Outcome.Endless("nothing ended the initial state");
      }
      throw e;
    }
  }
}
