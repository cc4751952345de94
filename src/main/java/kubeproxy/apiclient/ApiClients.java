package kubeproxy.apiclient;

import kubeproxy.logging.Logger;

/// Makes clients of the API server.
public final class ApiClients {
  /// Schemes that the HTTP client of the JDK does not use for tunnels; empty for none.
  private static final String NO_TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private ApiClients() {}

  /// A client for the server that the options lead to. Reads files, and sends nothing.
  ///
  /// @param observer is told of requests, tokens, certificates and plugins
  /// @throws ClientConfigException if the options or a file they lead to make no sense; its message
  ///     is for operators
  public static ApiTransport open(
      ClientOptions options, ApiClientObserver observer, Logger log, Surroundings surroundings)
      throws ClientConfigException {
    ClientParts parts = new ClientParts(surroundings, observer, log);
    Sessions sessions = new Sessions(options, parts);
    if (System.getProperty(NO_TUNNEL_SCHEMES) == null) {
      // The JDK sends no passwords to proxies unless told so, and asks once, with the first client:
      // too early to know of a kubeconfig that will be changed. Only what was configured is sent.
      System.setProperty(NO_TUNNEL_SCHEMES, "");
    }
    log.info("API server", "url", sessions.current().setup().connection().server());
    return new HttpTransport(options, sessions, parts);
  }
}
