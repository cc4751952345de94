package kubeproxy.apiclient;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How we say who we are, beside a client certificate.
sealed interface LoginMethod {

  /// Not at all.
  record Anonymous() implements LoginMethod {}

  /// By a header that stays.
  ///
  /// @param authorization value of the `Authorization` header
  record Header(Secret authorization) implements LoginMethod {}

  /// By the token in a file, which is replaced from time to time.
  ///
  /// @param first used until the file could be read
  record TokenFile(Path file, Optional<Secret> first) implements LoginMethod {}

  /// By what a program prints: a token, a client certificate or both.
  ///
  /// @param source file and field, for messages
  /// @param apiVersion `client.authentication.k8s.io/v1` or `v1beta1`
  /// @param command the program; a path has been resolved against the folder of the kubeconfig
  /// @param environment variables for it, some of which may be secret
  /// @param installHint what to do if there is no such program; may be empty
  /// @param provideClusterInfo whether it is told about the server
  /// @param clusterConfig what the kubeconfig holds for the program about the cluster
  record Plugin(
      String source,
      String apiVersion,
      String command,
      List<String> arguments,
      Map<String, Secret> environment,
      String installHint,
      boolean provideClusterInfo,
      Optional<Object> clusterConfig)
      implements LoginMethod {

    public Plugin {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }

    /// The name of the program alone: its arguments may hold secrets.
    @Override
    public String toString() {
      return "Plugin[" + command + "]";
    }
  }
}
