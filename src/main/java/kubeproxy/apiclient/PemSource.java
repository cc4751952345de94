package kubeproxy.apiclient;

import java.nio.file.Path;

/// Where certificates or a key are.
sealed interface PemSource {

  /// In a file of their own, which may be replaced at any time.
  record InFile(Path file) implements PemSource {}

  /// In the kubeconfig itself.
  ///
  /// @param origin file and field, for messages
  record Inline(String origin, Secret text) implements PemSource {}
}
