package kubeproxy.config.v1alpha1;

import java.util.Optional;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;

/// Texts that say where a server listens.
public final class BindAddress {
  /// Port of the health check server where none is said.
  public static final int HEALTHZ_PORT = 10256;

  /// Port of the metrics server where none is said.
  public static final int METRICS_PORT = 10249;

  /// What a file says of a server that is off: an empty text stands for the default there.
  static final String OFF = "0";

  private BindAddress() {}

  /// Adds a port to a bare address; anything else stays as it is.
  public static String withPort(String text, int port) {
    if (IpAddress.parse(text).isEmpty()) {
      return text;
    }
    return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + port;
  }

  /// Where health is served, by what a file says.
  static String healthz(String text, String nodeAddress) {
    return of(text, isIpv4(nodeAddress) ? "0.0.0.0" : "::", HEALTHZ_PORT);
  }

  /// Where metrics are served, by what a file says.
  static String metrics(String text, String nodeAddress) {
    return of(text, isIpv4(nodeAddress) ? "127.0.0.1" : "::1", METRICS_PORT);
  }

  private static String of(String text, String defaultAddress, int port) {
    if (text.equals(OFF)) {
      return "";
    }
    return withPort(text.isEmpty() ? defaultAddress : text, port);
  }

  private static boolean isIpv4(String text) {
    Optional<IpFamily> family = IpAddress.parse(text).map(IpAddress::family);
    return family.equals(Optional.of(IpFamily.IPV4));
  }
}
