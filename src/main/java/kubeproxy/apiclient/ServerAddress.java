package kubeproxy.apiclient;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Reads the address of the API server.
final class ServerAddress {

  private ServerAddress() {}

  /// Reads a URL, or host and port.
  ///
  /// @param source file or flag, for messages
  /// @param field path of the field in the file; empty for a flag
  /// @param secure whether `https` is meant where no scheme is written
  static URI parse(String source, String field, String text, boolean secure)
      throws ClientConfigException {
    boolean schemeless = !text.contains("://");
    URI uri;
    try {
      uri = new URI(schemeless ? (secure ? "https://" : "http://") + text : text);
    } catch (URISyntaxException _) {
      throw new ClientConfigException(source, field, "not a valid URL: \"" + text + "\"");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String path = uri.getRawPath().replaceAll("/+$", "");
    if (uri.getUserInfo() != null) {
      throw new ClientConfigException(source, field, "must not hold user and password");
    }
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new ClientConfigException(
          source, field, "must begin with https:// or http://: \"" + text + "\"");
    }
    if (uri.getHost() == null || (schemeless && !path.isEmpty())) {
      throw new ClientConfigException(
          source, field, "must be a URL, or host and port: \"" + text + "\"");
    }
    return URI.create(scheme + "://" + uri.getRawAuthority() + path);
  }
}
