package kubeproxy.apiclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Says who we are, for one request after the other. Safe for any thread.
interface Login {

  /// What a request carries.
  ///
  /// @param authorization value of the `Authorization` header
  /// @param identity a client certificate, instead of one of the kubeconfig
  record Credential(Optional<Secret> authorization, Optional<PemPair> identity) {
    /// Nothing.
    static final Credential NONE = new Credential(Optional.empty(), Optional.empty());
  }

  /// What to send now.
  ///
  /// @throws IOException if there is none to be had
  Credential current() throws IOException, InterruptedException;

  /// What to send after the server refused `refused`; the same if there is nothing newer.
  default Credential after(Credential refused) throws IOException, InterruptedException {
    return refused;
  }

  /// The header for a bearer token.
  static Secret bearer(Secret token) {
    return new Secret("Bearer " + token.reveal());
  }

  /// The header for a user and a password.
  static Secret basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Secret("Basic " + Base64.getEncoder().encodeToString(pair));
  }
}
