package kubeproxy.apiclient;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import kubeproxy.apiclient.Login.Credential;

/// A request with everything that goes with it over a connection.
record HttpMessage(
    ApiRequest request, Connection connection, Credential credential, String userAgent) {

  /// In the form of the JDK.
  ///
  /// @throws IOException if a value cannot be sent as a header
  HttpRequest build() throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri())
            .method(
                request.method(),
                request
                    .body()
                    .map(body -> BodyPublishers.ofString(body.text()))
                    .orElse(BodyPublishers.noBody()))
            .setHeader("Accept", request.accept())
            .setHeader("User-Agent", userAgent);
    request.body().ifPresent(body -> builder.setHeader("Content-Type", body.contentType()));
    if (connection.compress() && !request.longRunning()) {
      builder.setHeader("Accept-Encoding", "gzip");
    }
    try {
      connection.headers().forEach(header -> builder.header(header.getKey(), header.getValue()));
      credential
          .authorization()
          .ifPresent(value -> builder.setHeader("Authorization", value.reveal()));
    } catch (IllegalArgumentException _) {
      // The message of the cause has the value.
      throw new IOException("the credentials have characters that no header may have");
    }
    connection
        .proxy()
        .flatMap(ProxyAddress::authorization)
        .ifPresent(value -> builder.setHeader("Proxy-Authorization", value.reveal()));
    return builder.build();
  }

  private URI uri() {
    String query =
        request.query().stream()
            .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
            .collect(Collectors.joining("&"));
    String path;
    try {
      path = new URI(null, null, request.path(), null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a path: " + request.path(), e);
    }
    return URI.create(connection.server() + path + (query.isEmpty() ? "" : "?" + query));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
