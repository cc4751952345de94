package kubeproxy.apiclient;

import java.time.Duration;
import java.util.Optional;
import kubeproxy.apiclient.TlsMaterial.Authority;
import kubeproxy.logging.LogLimit;

/// Follows the files that say how to reach the API server. What is in force is always something
/// that could be read whole: a file that is gone or half written changes nothing.
final class Sessions {
  private static final long CHECK_NANOS = Duration.ofSeconds(10).toNanos();

  private final ClientOptions options;
  private final ClientParts parts;
  private final LogLimit limit;
  private Session session;
  private long checkedNanos;

  /// A way to reach the server.
  record Session(Setup setup, Login login) {}

  /// Reads the files for the first time.
  Sessions(ClientOptions options, ClientParts parts) throws ClientConfigException {
    this.options = options;
    this.parts = parts;
    limit = parts.limit("api-client-files");
    Setup setup = Setup.read(options, parts.surroundings());
    session = new Session(setup, login(setup));
    checkedNanos = parts.nanoTime();
  }

  /// The way that is in force. Looks at the files at most every 10 s.
  synchronized Session current() {
    if (parts.nanoTime() - checkedNanos >= CHECK_NANOS) {
      check();
    }
    return session;
  }

  /// The same, after looking at the files now.
  synchronized Session latest() {
    check();
    return session;
  }

  private void check() {
    checkedNanos = parts.nanoTime();
    if (session.setup().stamps().areCurrent()) {
      return;
    }
    Setup before = session.setup();
    try {
      Setup setup = Setup.read(options, parts.surroundings());
      boolean samePath = setup.connection().equals(before.connection());
      session = new Session(setup, samePath ? session.login() : login(setup));
      if (!samePath || !setup.material().equals(before.material())) {
        parts.log().info("The way to the API server was changed by a file");
        parts.tell(new ClientEvent.Reconfigured());
      }
    } catch (ClientConfigException e) {
      parts
          .log()
          .limited(limit)
          .error(e, "Cannot use the changed files, the last good ones stay in force");
    }
  }

  private Login login(Setup setup) {
    Connection connection = setup.connection();
    if (!connection.isSecure()) {
      return () -> Login.Credential.NONE;
    }
    return switch (connection.login()) {
      case LoginMethod.Anonymous() -> () -> Login.Credential.NONE;
      case LoginMethod.Header(Secret authorization) -> {
        Login.Credential fixed = new Login.Credential(Optional.of(authorization), Optional.empty());
        yield () -> fixed;
      }
      case LoginMethod.TokenFile method -> new TokenFileLogin(method, parts);
      case LoginMethod.Plugin plugin -> {
        Optional<String> pem =
            connection.authority().isPresent()
                ? setup.material().authority().map(Authority::pem)
                : Optional.empty();
        yield new PluginLogin(plugin, new PluginRequest(plugin, connection, pem), parts);
      }
    };
  }
}
