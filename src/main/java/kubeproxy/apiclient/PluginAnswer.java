package kubeproxy.apiclient;

import java.time.Instant;
import java.util.Optional;

/// What a credential plugin printed.
///
/// @param expires when it must be asked again
record PluginAnswer(Login.Credential credential, Optional<Instant> expires) {

  /// Reads an `ExecCredential` of the version that the kubeconfig names.
  static PluginAnswer parse(LoginMethod.Plugin plugin, String output) throws ClientConfigException {
    String origin = "output of credential plugin " + plugin.command();
    Fields root = Fields.parse(origin, output);
    if (!root.text("kind").equals("ExecCredential")) {
      throw root.error("kind", "must be ExecCredential");
    }
    if (!root.text("apiVersion").equals(plugin.apiVersion())) {
      throw root.error("apiVersion", "must be " + plugin.apiVersion() + ", as the kubeconfig says");
    }
    Fields status = root.object("status").orElseThrow(() -> root.error("status", "is not set"));
    Optional<Secret> token =
        status.optionalText("token").map(text -> Login.bearer(new Secret(text)));
    Optional<String> certificate = status.optionalText("clientCertificateData");
    Optional<Secret> key = status.optionalText("clientKeyData").map(Secret::new);
    if (certificate.isPresent() != key.isPresent()) {
      throw status.error("clientCertificateData", "must be set together with clientKeyData");
    }
    if (token.isEmpty() && certificate.isEmpty()) {
      throw root.error("status", "has neither a token nor a client certificate");
    }
    Optional<PemPair> identity =
        certificate.map(pem ->
            new PemPair(
                origin + ": " + status.path("clientCertificateData"),
                pem,
                origin + ": " + status.path("clientKeyData"),
                key.orElseThrow()));
    if (identity.isPresent()) {
      ClientIdentity.of(identity.get());
    }
    return new PluginAnswer(
        new Login.Credential(token, identity), status.time("expirationTimestamp"));
  }
}
