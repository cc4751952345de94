package kubeproxy.testing.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Writes the kubeconfig with which a client finds a server of the tests.
public final class KubeconfigFile {
  private KubeconfigFile() {}

  /// Writes it; replaces one that is there.
  ///
  /// @param authorities certificates in PEM that the client trusts; empty for a server without TLS
  public static void write(Path file, URI server, String authorities) throws IOException {
    String trust =
        authorities.isEmpty()
            ? ""
            : "\n    certificate-authority-data: "
                + Base64.getEncoder()
                    .encodeToString(authorities.getBytes(StandardCharsets.US_ASCII));
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: fake
          cluster:
            server: %s%s
        users:
        - name: proxy
          user:
            token: fake-token
        contexts:
        - name: fake
          context:
            cluster: fake
            user: proxy
        current-context: fake
        """
            .formatted(server, trust));
  }
}
