package kubeproxy.apiclient;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Says in words why no answer came. The messages of the JDK name the place in its code rather than
/// what an operator could do.
final class ConnectionProblem {
  private final Connection connection;
  private final TlsMaterial material;

  ConnectionProblem(Connection connection, TlsMaterial material) {
    this.connection = connection;
    this.material = material;
  }

  /// A message that names the server.
  String describe(Throwable failure) {
    return "API server " + connection.server() + via() + ": " + reason(failure);
  }

  private String via() {
    return connection.proxy().map(proxy -> " by proxy " + proxy.url()).orElse("");
  }

  private String reason(Throwable failure) {
    @Nullable Throwable each = failure;
    while (each != null) {
      Optional<String> known = known(each);
      if (known.isPresent()) {
        return known.get();
      }
      each = each.getCause();
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private Optional<String> known(Throwable cause) {
    return switch (cause) {
      case CertificateExpiredException _ ->
          Optional.of("its certificate, or one that vouches for it, has expired");
      case CertificateNotYetValidException _ ->
          Optional.of("its certificate is not valid yet; compare the clocks");
      case CertPathBuilderException _ ->
          Optional.of("its certificate is not signed by an authority in " + authority());
      case CertificateException e when isAboutNames(e) ->
          Optional.of(
              "its certificate is not for "
                  + material.serverName().orElse(connection.server().getHost())
                  + ": "
                  + e.getMessage());
      case HttpConnectTimeoutException _ -> Optional.of("no connection in time");
      case UnknownHostException _, UnresolvedAddressException _ ->
          Optional.of("the name of the host cannot be resolved");
      case ConnectException e when !hasCause(e, UnresolvedAddressException.class) ->
          Optional.of("no connection: refused, or no way there");
      case SSLException e when !hasCause(e, GeneralSecurityException.class) ->
          Optional.of("TLS failed: " + e.getMessage());
      default -> Optional.empty();
    };
  }

  private String authority() {
    return material
        .authority()
        .map(TlsMaterial.Authority::origin)
        .orElse("the trust store of the JDK");
  }

  private static boolean isAboutNames(CertificateException e) {
    String message = e.getMessage();
    return message != null && message.startsWith("No ");
  }

  private static boolean hasCause(Throwable failure, Class<? extends Exception> type) {
    @Nullable Throwable each = failure.getCause();
    while (each != null && !type.isInstance(each)) {
      each = each.getCause();
    }
    return each != null;
  }
}
