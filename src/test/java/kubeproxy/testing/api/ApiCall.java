package kubeproxy.testing.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A request as it came.
///
/// @param number counts the requests of the server from 1
/// @param target path and query, as written in the request line
/// @param headers names in lower case
public record ApiCall(
    long number, String method, String target, Map<String, String> headers, String body) {

  public ApiCall {
    headers = Map.copyOf(headers);
  }

  /// The path, decoded.
  public String path() {
    int mark = target.indexOf('?');
    return decoded(mark < 0 ? target : target.substring(0, mark));
  }

  /// The query, decoded, in its order.
  public Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    int mark = target.indexOf('?');
    for (String pair : mark < 0 ? new String[0] : target.substring(mark + 1).split("&")) {
      int equal = pair.indexOf('=');
      String name = equal < 0 ? pair : pair.substring(0, equal);
      query.put(decoded(name), equal < 0 ? "" : decoded(pair.substring(equal + 1)));
    }
    return query;
  }

  /// One parameter of the query; empty if it is not there.
  public String parameter(String name) {
    return query().getOrDefault(name, "");
  }

  /// One header; empty if it is not there.
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /// Whether it watches.
  public boolean isWatch() {
    return parameter("watch").equals("true");
  }

  /// Whether it lists.
  public boolean isList() {
    return !isWatch() && ApiKind.atPath(path()).isPresent();
  }

  /// Whether it lists or watches this kind, in whatever version.
  public boolean isOf(ApiKind kind) {
    return ApiKind.atPath(path()).filter(served -> served.kind() == kind).isPresent();
  }

  /// Whether it watches and asks for the initial state.
  public boolean isWatchList() {
    return isWatch() && parameter("sendInitialEvents").equals("true");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
