package kubeproxy.apiclient;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which proxy the environment asks for: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, or the same in
/// lower case, by the rules of Go's `golang.org/x/net/http/httpproxy`.
final class ProxyRules {
  private final Surroundings surroundings;

  ProxyRules(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// The proxy for a server, if there is to be one.
  Optional<ProxyAddress> proxyFor(URI server) throws ClientConfigException {
    String name = server.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
    for (String variable : new String[] {name, name.toLowerCase(Locale.ROOT)}) {
      String url = surroundings.variable(variable);
      if (!url.isEmpty()) {
        return isExempt(server)
            ? Optional.empty()
            : Optional.of(ProxyAddress.parse("environment", variable, url));
      }
    }
    return Optional.empty();
  }

  private boolean isExempt(URI server) {
    String host = unbracketed(server.getHost().toLowerCase(Locale.ROOT));
    int port =
        server.getPort() >= 0 ? server.getPort() : server.getScheme().equals("https") ? 443 : 80;
    @Nullable InetAddress address = address(host);
    if (host.equals("localhost") || (address != null && address.isLoopbackAddress())) {
      return true;
    }
    String exempt = surroundings.variable("NO_PROXY");
    if (exempt.isEmpty()) {
      exempt = surroundings.variable("no_proxy");
    }
    return Arrays.stream(exempt.split(","))
        .map(rule -> rule.strip().toLowerCase(Locale.ROOT))
        .filter(rule -> !rule.isEmpty())
        .anyMatch(rule -> matches(rule, host, port, address));
  }

  private static boolean matches(
      String rule, String host, int port, @Nullable InetAddress address) {
    if (rule.equals("*")) {
      return true;
    }
    int slash = rule.indexOf('/');
    if (slash >= 0) {
      return address != null && contains(rule, slash, address);
    }
    String name = rule;
    int colon = rule.lastIndexOf(':');
    // A port, unless the colon is one of an IPv6 address without brackets.
    if (colon >= 0 && (rule.indexOf(':') == colon || rule.charAt(colon - 1) == ']')) {
      name = rule.substring(0, colon);
      if (!rule.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
    }
    name = unbracketed(name);
    @Nullable InetAddress literal = address(name);
    if (literal != null) {
      return literal.equals(address);
    }
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  private static boolean contains(String rule, int slash, InetAddress address) {
    @Nullable InetAddress base = address(rule.substring(0, slash));
    if (base == null) {
      return false;
    }
    byte[] wanted = base.getAddress();
    byte[] actual = address.getAddress();
    int length;
    try {
      length = Integer.parseInt(rule.substring(slash + 1));
    } catch (NumberFormatException _) {
      return false;
    }
    if (wanted.length != actual.length || length < 0 || length > wanted.length * 8) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit % 8);
      if (((wanted[bit / 8] ^ actual[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static @Nullable InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
