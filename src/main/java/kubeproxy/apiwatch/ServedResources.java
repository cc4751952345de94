package kubeproxy.apiwatch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.apidecode.MalformedBody;

/// Asks the server what it has.
final class ServedResources {
  /// Discovery documents of one group have some kilobytes, others less.
  private static final int MAX_BYTES = 1 << 20;

  /// As in `"minor": "18+"`; the major one has always been 1.
  private static final Pattern MINOR_VERSION = Pattern.compile("\"minor\"\\s*:\\s*\"([0-9]{1,4})");

  private static final int FILLED_SINCE_MINOR = 19;

  private final ApiCalls calls;
  private final WatchParts parts;

  ServedResources(ApiCalls calls, WatchParts parts) {
    this.calls = calls;
    this.parts = parts;
  }

  /// Whether the server certainly lacks a resource. A refusal alone does not tell: who may not list
  /// it is refused before anybody looks whether it is there, and roles of old clusters do not name
  /// what is newer than they are. Everybody may read discovery, usually.
  boolean lacks(ApiResource resource) throws IOException, InterruptedException {
    String path = resource.path().substring(0, resource.path().lastIndexOf('/'));
    try {
      return !read(path).contains("\"" + KindSources.plural(resource) + "\"");
    } catch (ApiFailure e) {
      return e.condition() == Condition.NOT_SERVED;
    }
  }

  /// Whether the endpoints of all Services are in EndpointSlices. Servers have these since 1.17,
  /// but fill them without being told to since 1.18, and since 1.19 also with Endpoints that
  /// people or programs have written. One that hides its version is taken for a newer one.
  boolean fillsSlices() throws IOException, InterruptedException {
    try {
      Matcher minor = MINOR_VERSION.matcher(read("/version"));
      return !minor.find() || Integer.parseInt(minor.group(1)) >= FILLED_SINCE_MINOR;
    } catch (ApiFailure | MalformedBody e) {
      return true;
    }
  }

  private String read(String path) throws IOException, InterruptedException {
    ApiRequest request = ApiRequest.get(path).within(parts.pacing().headTimeout());
    try (WatchedBody body = calls.open(request, parts.pacing().silence())) {
      return new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }

  /// Whether we can list a resource.
  boolean offers(Requests requests) throws IOException, InterruptedException {
    try (WatchedBody body = calls.open(requests.list("0", 1), parts.pacing().silence())) {
      return body.read() >= 0;
    } catch (ApiFailure e) {
      return false;
    }
  }
}
