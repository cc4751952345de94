package kubeproxy.testing.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Serves the manifests of a folder as an API server would, for demonstrations: changes of the
/// files are changes of the cluster. Runs until it is killed.
///
/// Arguments: the folder (or one file), the kubeconfig to write, and optionally the port and
/// `plain` for HTTP without TLS. Prints its address in one line when it serves.
public final class ServeManifests {
  private static final long LOOK_EVERY_MILLIS = 200;

  private ServeManifests() {}

  /// Serves.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 2) {
      System.err.println("usage: ServeManifests FOLDER KUBECONFIG [PORT [plain]]");
      System.exit(2);
    }
    ObjectStore store = new ObjectStore();
    ManifestFolder folder = new ManifestFolder(Path.of(arguments[0]), store);
    folder.refresh();
    int port = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
    boolean plain = arguments.length > 3 && arguments[3].equals("plain");
    LiveApi api = new LiveApi(store);
    String authority = "";
    FakeApiServer server;
    if (plain) {
      server = FakeApiServer.startOn(port, api);
    } else {
      ServerKeys keys = ServerKeys.make(Files.createTempDirectory("api-server"), "kubernetes");
      authority = keys.certificate();
      server = FakeApiServer.startOn(port, api, keys);
    }
    try (server) {
      KubeconfigFile.write(Path.of(arguments[1]), server.address(), authority);
      System.out.println(server.address());
      follow(folder);
    }
  }

  private static void follow(ManifestFolder folder) throws InterruptedException {
    while (true) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      try {
        int changed = folder.refresh();
        if (changed > 0) {
          System.out.println("changed objects: " + changed);
        }
      } catch (IOException | RuntimeException e) {
        // A file that is being written, most likely; what was good stays.
        System.err.println("not read: " + e.getMessage());
      }
    }
  }
}
