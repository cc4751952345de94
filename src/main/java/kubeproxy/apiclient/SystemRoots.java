package kubeproxy.apiclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import kubeproxy.apiclient.TlsMaterial.Authority;

/// The authorities that the host trusts, for servers whose kubeconfig names none: the places in
/// which Go looks on Linux.
final class SystemRoots {
  private static final List<String> PLACES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/pki/tls/cacert.pem",
          "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "/etc/ssl/cert.pem");

  private SystemRoots() {}

  /// The first that can be read; `SSL_CERT_FILE` alone if it is set. Nothing leaves it to the JDK.
  static Optional<Authority> find(Surroundings surroundings) {
    String chosen = surroundings.variable("SSL_CERT_FILE");
    for (String place : chosen.isEmpty() ? PLACES : List.of(chosen)) {
      try {
        String pem = Files.readString(Path.of(place), StandardCharsets.ISO_8859_1);
        return Optional.of(new Authority(place, pem));
      } catch (IOException _) {
        // Not on this host; the next one may be.
      }
    }
    return Optional.empty();
  }
}
