package kubeproxy.apiclient;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that was configured about the way to the API server, checked and resolved.
///
/// @param server `http` or `https`, without `/` at the end; its path comes before all others
/// @param authority who vouches for the server; nothing for those whom the host trusts
/// @param insecure whether the server need not prove anything
/// @param serverName what the server must prove to be, instead of the host of its address
/// @param identity our client certificate
/// @param headers sent with every request: whom to act for
/// @param proxy the proxy to go through
/// @param compress whether answers may be compressed
record Connection(
    URI server,
    Optional<PemSource> authority,
    boolean insecure,
    Optional<String> serverName,
    Optional<Identity> identity,
    LoginMethod login,
    List<Map.Entry<String, String>> headers,
    Optional<ProxyAddress> proxy,
    boolean compress) {

  /// Where our certificate and its key are.
  record Identity(PemSource certificate, PemSource key) {}

  Connection {
    headers = List.copyOf(headers);
  }

  /// A connection without any credentials.
  static Connection anonymous(URI server, Optional<ProxyAddress> proxy) {
    return new Connection(
        server,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        new LoginMethod.Anonymous(),
        List.of(),
        proxy,
        true);
  }

  /// Whether the server is spoken to by TLS; credentials are sent to no other.
  boolean isSecure() {
    return server.getScheme().equals("https");
  }

  /// Host and port of the server, as in metrics and messages.
  String host() {
    return server.getRawAuthority();
  }
}
