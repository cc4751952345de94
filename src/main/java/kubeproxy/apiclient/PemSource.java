package kubeproxy.apiclient;

import java.nio.file.Path;

/// Where certificates or a key are.
sealed interface PemSource {

  /// In a file of their own, which may be replaced at any time.
  ///
  /// @param namedBy what names the file, for messages; empty for one that always is where it is
  record InFile(Path file, String namedBy) implements PemSource {}

  /// In the kubeconfig itself.
  ///
  /// @param origin file and field, for messages
  record Inline(String origin, Secret text) implements PemSource {}
}
