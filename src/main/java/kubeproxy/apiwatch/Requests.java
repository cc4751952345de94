package kubeproxy.apiwatch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apidecode.ApiResource;

/// Writes the requests about one resource.
///
/// @param selectors parameters that select objects
record Requests(
    ApiResource resource,
    List<Map.Entry<String, String>> selectors,
    WatchParts parts,
    RandomGenerator random) {

  /// A list, or its first page.
  ///
  /// @param version the state must not be older than this; 0 for any, empty for the newest
  /// @param limit objects per page; 0 for all at once
  ApiRequest list(String version, int limit) {
    ApiRequest request = selected(false);
    if (limit > 0) {
      request = request.with("limit", Integer.toString(limit));
    }
    return version.isEmpty() ? request : request.with("resourceVersion", version);
  }

  /// The next page of a list.
  ApiRequest nextPage(String token, int limit) {
    return selected(false).with("limit", Integer.toString(limit)).with("continue", token);
  }

  /// A watch of what happens after a version.
  ApiRequest watch(String version) {
    return timed(selected(true).with("watch", "true").with("allowWatchBookmarks", "true"))
        .with("resourceVersion", version);
  }

  /// A watch that begins with the newest state.
  ApiRequest streamingList() {
    return timed(selected(true).with("watch", "true").with("allowWatchBookmarks", "true"))
        .with("sendInitialEvents", "true")
        .with("resourceVersionMatch", "NotOlderThan");
  }

  private ApiRequest timed(ApiRequest request) {
    double seconds = parts.pacing().watchAtLeast().toSeconds() * (1 + random.nextDouble());
    return request.with("timeoutSeconds", Long.toString(Math.max(1, (long) seconds)));
  }

  private ApiRequest selected(boolean longRunning) {
    return new ApiRequest(
        "GET",
        resource.path(),
        selectors,
        parts.accept(),
        Optional.empty(),
        parts.pacing().headTimeout(),
        longRunning);
  }
}
