package kubeproxy.apiclient;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// An HTTP proxy between us and the API server. TLS goes through it untouched.
///
/// @param url as configured, without user and password
/// @param host without brackets
/// @param authorization value of the `Proxy-Authorization` header
record ProxyAddress(String url, String host, int port, Optional<Secret> authorization) {
  private static final int DEFAULT_PORT = 80;

  /// Reads a URL like `http://user:password@proxy:3128`, or `proxy:3128`.
  ///
  /// @param source file or variable, for messages
  /// @param field path of the field in the file; empty for a variable
  static ProxyAddress parse(String source, String field, String text) throws ClientConfigException {
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException _) {
      // The text may hold a password.
      throw new ClientConfigException(source, field, "not a valid URL");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http")) {
      throw new ClientConfigException(
          source,
          field,
          "proxies of scheme \"" + scheme + "\" are not supported, only \"http\" is");
    }
    String host = uri.getHost();
    if (host == null) {
      throw new ClientConfigException(source, field, "not a valid URL: has no host");
    }
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    Optional<Secret> authorization =
        Optional.ofNullable(uri.getUserInfo()).map(ProxyAddress::basic);
    return new ProxyAddress(scheme + "://" + uri.getHost() + ":" + port, host, port, authorization);
  }

  private static Secret basic(String user) {
    String pair = user.contains(":") ? user : user + ":";
    return new Secret(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }
}
