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
    Connection connection = sessions.current().setup().connection();
    boolean tunnelLogin = connection.proxy().flatMap(ProxyAddress::authorization).isPresent();
    if (tunnelLogin && System.getProperty(NO_TUNNEL_SCHEMES) == null) {
      // The JDK does not send passwords to proxies unless told so; here, the operator told so. It
      // looks at the property once, with the first client.
      System.setProperty(NO_TUNNEL_SCHEMES, "");
    }
    log.info("API server", "url", connection.server());
    return new HttpTransport(options, sessions, parts);
  }
}
