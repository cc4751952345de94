package kubeproxy.apiwatch;

import java.io.IOException;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apidecode.ApiDecoder;
import kubeproxy.apidecode.ListPage;

/// Reads a whole list, page by page if the server wants it so. Belongs to one thread.
final class ListReader {
  private final Requests requests;
  private final ApiCalls calls;
  private final WatchParts parts;

  ListReader(Requests requests, ApiCalls calls, WatchParts parts) {
    this.requests = requests;
    this.calls = calls;
    this.parts = parts;
  }

  /// A state of the server.
  record Listed(KnownObjects.Draft draft, String version) {}

  /// Makes drafts; a list that has to begin anew begins with a new one.
  interface Drafts {
    /// Begins.
    ///
    /// @param setBack whether the server may have been set back to an earlier state
    KnownObjects.Draft begin(boolean setBack);
  }

  /// Reads the state.
  ///
  /// With a version of its own to compare with, the list is not paged, because servers answer
  /// only such lists from memory. A version that the server has forgotten or not reached leads to
  /// the newest state, and tokens that expire while pages are read to a list without pages.
  ///
  /// @param version the state must not be older than this; 0 for any, empty for the newest
  Listed read(String version, Drafts drafts) throws IOException, InterruptedException {
    int limit = parts.pacing().pageLimit();
    boolean anything = version.isEmpty() || version.equals("0");
    try {
      return pages(version, anything ? limit : 0, drafts.begin(false));
    } catch (ApiFailure e) {
      if (!e.isGone() && !e.isFromTheFuture()) {
        throw e;
      }
      parts
          .log()
          .v(2)
          .info("Listing the newest state", "resource", path(), "because", e.getMessage());
      return pages("", 0, drafts.begin(e.isFromTheFuture()));
    }
  }

  private String path() {
    return requests.resource().path();
  }

  private Listed pages(String version, int limit, KnownObjects.Draft draft)
      throws IOException, InterruptedException {
    ListPage page = page(requests.list(version, limit), draft);
    while (!page.continueToken().isEmpty()) {
      page = page(requests.nextPage(page.continueToken(), parts.pacing().pageLimit()), draft);
    }
    return new Listed(draft, page.resourceVersion());
  }

  private ListPage page(ApiRequest request, KnownObjects.Draft draft)
      throws IOException, InterruptedException {
    try (WatchedBody body = calls.open(request, parts.pacing().silence())) {
      return ApiDecoder.of(body.encoding(), requests.resource(), parts.interner())
          .readList(body, draft);
    }
  }
}
