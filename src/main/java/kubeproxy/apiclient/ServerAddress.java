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
    if (hasUser(schemeless ? text : text.substring(text.indexOf("://") + 3))) {
      // Said before anything that quotes the text.
      throw new ClientConfigException(source, field, "must not hold user and password");
    }
    URI uri;
    try {
      uri = new URI(schemeless ? (secure ? "https://" : "http://") + text : text);
    } catch (URISyntaxException _) {
      throw new ClientConfigException(source, field, "not a valid URL: \"" + text + "\"");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String path = uri.getRawPath().replaceAll("/+$", "");
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

  private static boolean hasUser(String withoutScheme) {
    int slash = withoutScheme.indexOf('/');
    return (slash < 0 ? withoutScheme : withoutScheme.substring(0, slash)).contains("@");
  }
}
