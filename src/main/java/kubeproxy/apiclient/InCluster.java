package kubeproxy.apiclient;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The connection that a Pod is given: address in the environment, token and authority in files.
final class InCluster {
  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final String PORT = "KUBERNETES_SERVICE_PORT";

  private InCluster() {}

  /// Reads it.
  static Connection read(Surroundings surroundings) throws ClientConfigException {
    String host = surroundings.variable(HOST);
    String port = surroundings.variable(PORT);
    if (host.isEmpty() || port.isEmpty()) {
      throw new ClientConfigException(
          "environment",
          "",
          "unable to load in-cluster configuration: "
              + HOST
              + " and "
              + PORT
              + " must be defined, or a kubeconfig or --master given");
    }
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    URI server =
        ServerAddress.parse("environment", HOST, "https://" + bracketed + ":" + port, true);
    Path authority = surroundings.serviceAccount().resolve("ca.crt");
    // As upstream, a Pod without the file trusts whom its image trusts.
    Optional<PemSource> source =
        Files.exists(authority)
            ? Optional.of(new PemSource.InFile(authority, ""))
            : Optional.empty();
    return new Connection(
        server,
        source,
        false,
        Optional.empty(),
        Optional.empty(),
        new LoginMethod.TokenFile(surroundings.serviceAccount().resolve("token"), Optional.empty()),
        List.of(),
        new ProxyRules(surroundings).proxyFor(server),
        true);
  }
}
