package kubeproxy.apiclient;

import java.util.Optional;

/// What a TLS connection is made of. Two that are equal make connections that are.
///
/// @param authority PEM of those who vouch for the server; without it, the host's
/// @param insecure whether the server need not prove anything
/// @param serverName replaces the host of the address as what the server must prove to be
/// @param identity who we are
record TlsMaterial(
    Optional<Authority> authority,
    boolean insecure,
    Optional<String> serverName,
    Optional<PemPair> identity) {

  /// Those who vouch for the server.
  ///
  /// @param origin where the text comes from, for messages
  record Authority(String origin, String pem) {}

  /// The same with another identity, if there is one.
  TlsMaterial with(Optional<PemPair> other) {
    return other.isEmpty() ? this : new TlsMaterial(authority, insecure, serverName, other);
  }
}
