package kubeproxy.status;

import java.net.InetAddress;

/// Requests without a server, for tests.
final class Requests {
  private Requests() {}

  static Request get(String path, String... headers) {
    return of("GET", path, "", headers);
  }

  static Request put(String path, String body) {
    return of("PUT", path, body);
  }

  static Request of(String method, String target, String body, String... headers) {
    int question = target.indexOf('?');
    return new Request(
        method,
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        RequestHeaders.of(headers),
        body,
        InetAddress.getLoopbackAddress());
  }
}
