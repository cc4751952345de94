package kubeproxy.apiclient;

import java.nio.file.Path;
import java.util.Optional;
import kubeproxy.logging.Logger;

/// A process that sends one request, for what the JDK decides once in the life of a process.
final class OneRequest {

  private OneRequest() {}

  /// Prints status and body.
  ///
  /// @param arguments the path of a kubeconfig
  public static void main(String[] arguments) throws Exception {
    ClientOptions options =
        new ClientOptions(Optional.of(Path.of(arguments[0])), Optional.empty(), -1, 0, "test");
    try (ApiTransport transport =
        ApiClients.open(options, ApiClientObserver.NONE, Logger.SILENT, Surroundings.ofProcess())) {
      System.out.print(ClientSetting.get(transport));
    }
  }
}
