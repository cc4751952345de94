package kubeproxy.apiclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request to the API server.
///
/// @param method `GET`, `POST`, `PATCH`, `PUT` or `DELETE`
/// @param path absolute, unencoded, as in `/api/v1/services`
/// @param query pairs of name and value in order, unencoded
/// @param accept value of the `Accept` header
/// @param body what is sent along
/// @param headTimeout the longest wait for the head of the answer, without the wait for the rate
///     limit; positive
/// @param longRunning whether the answer is a stream without an end of its own: a watch. The rate
///     limit does not apply to it, and its body is never compressed.
public record ApiRequest(
    String method,
    String path,
    List<Map.Entry<String, String>> query,
    String accept,
    Optional<RequestBody> body,
    Duration headTimeout,
    boolean longRunning) {

  /// More than the 60 s after which an API server gives up a request of its own accord.
  public static final Duration DEFAULT_HEAD_TIMEOUT = Duration.ofSeconds(75);

  public ApiRequest {
    query = query.stream().map(pair -> Map.entry(pair.getKey(), pair.getValue())).toList();
    if (!path.startsWith("/") || !headTimeout.isPositive()) {
      throw new IllegalArgumentException("not a path or no time: " + path + ", " + headTimeout);
    }
  }

  /// Reads what is at `path`, as JSON.
  public static ApiRequest get(String path) {
    return new ApiRequest(
        "GET", path, List.of(), "application/json", Optional.empty(), DEFAULT_HEAD_TIMEOUT, false);
  }

  /// Creates something below `path`; the answer is JSON.
  public static ApiRequest post(String path, RequestBody body) {
    return send("POST", path, body);
  }

  /// Changes what is at `path`; the answer is JSON. What kind of patch it is the content type says.
  public static ApiRequest patch(String path, RequestBody body) {
    return send("PATCH", path, body);
  }

  private static ApiRequest send(String method, String path, RequestBody body) {
    return new ApiRequest(
        method,
        path,
        List.of(),
        "application/json",
        Optional.of(body),
        DEFAULT_HEAD_TIMEOUT,
        false);
  }

  /// This request with one more pair at the end of its query.
  public ApiRequest with(String name, String value) {
    List<Map.Entry<String, String>> longer = new ArrayList<>(query);
    longer.add(Map.entry(name, value));
    return new ApiRequest(method, path, longer, accept, body, headTimeout, longRunning);
  }

  /// This request with another `Accept` header.
  public ApiRequest accepting(String mediaTypes) {
    return new ApiRequest(method, path, query, mediaTypes, body, headTimeout, longRunning);
  }

  /// This request with another limit for the head of its answer.
  public ApiRequest within(Duration timeout) {
    return new ApiRequest(method, path, query, accept, body, timeout, longRunning);
  }

  /// This request as a watch.
  public ApiRequest asLongRunning() {
    return new ApiRequest(method, path, query, accept, body, headTimeout, true);
  }
}
