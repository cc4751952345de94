package kubeproxy.status;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A whole request.
///
/// @param path decoded
/// @param query what follows the question mark, as it came; empty if there is nothing
/// @param body as text
/// @param server the address of ours that the client reached
record Request(
    String method,
    String path,
    String query,
    RequestHeaders headers,
    String body,
    InetAddress server) {

  /// The first value of a parameter of the query.
  Optional<String> parameter(String name) {
    return parameters(name).stream().findFirst();
  }

  /// All values of a parameter of the query.
  List<String> parameters(String name) {
    List<String> values = new ArrayList<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (key.equals(name)) {
        values.add(decode(equals < 0 ? "" : pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decode(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return value;
    }
  }
}
