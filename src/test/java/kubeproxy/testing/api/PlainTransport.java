package kubeproxy.testing.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apiclient.ApiTransport;

/// A transport without TLS, credentials and rate limit, for tests of what stands on one.
public final class PlainTransport implements ApiTransport {
  private final URI server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// Sends to a server.
  public PlainTransport(URI server) {
    this.server = server;
  }

  @Override
  public ApiResponse send(ApiRequest request) throws IOException, InterruptedException {
    String query =
        request.query().stream()
            .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
            .collect(Collectors.joining("&"));
    String target = request.path() + (query.isEmpty() ? "" : "?" + query);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(target))
            .timeout(request.headTimeout())
            .header("Accept", request.accept());
    request
        .body()
        .ifPresentOrElse(
            body ->
                builder
                    .header("Content-Type", body.contentType())
                    .method(request.method(), HttpRequest.BodyPublishers.ofString(body.text())),
            () -> builder.method(request.method(), HttpRequest.BodyPublishers.noBody()));
    return new Response(client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private record Response(HttpResponse<InputStream> response) implements ApiResponse {
    @Override
    public int status() {
      return response.statusCode();
    }

    @Override
    public Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    @Override
    public InputStream body() {
      return response.body();
    }

    @Override
    public void close() {
      try {
        response.body().close();
      } catch (IOException e) {
        // It is given up anyway.
      }
    }
  }
}
