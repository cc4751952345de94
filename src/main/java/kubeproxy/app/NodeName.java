package kubeproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import kubeproxy.config.ProxyOptions;

/// The name of our Node.
final class NodeName {
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private NodeName() {}

  /// The override, or else the host's name in lower case.
  static String of(ProxyOptions options) throws StartupException {
    if (options.node().nameOverride().isPresent()) {
      String name = options.node().nameOverride().get();
      if (name.isEmpty()) {
        throw new StartupException("empty hostname is invalid");
      }
      return name;
    }
    return ofHost();
  }

  /// The host's name in lower case.
  static String ofHost() throws StartupException {
    try {
      String name = Files.readString(HOSTNAME).strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException e) {
      throw new StartupException("cannot read the host's name; use --hostname-override", e);
    }
    throw new StartupException(
        "the host has no name; use --hostname-override", new IOException("empty hostname"));
  }
}
