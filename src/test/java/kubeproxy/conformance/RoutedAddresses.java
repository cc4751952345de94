package kubeproxy.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import kubeproxy.testing.net.NetworkNamespace;

/// The IPv6 addresses of an interface that packets find. The kernel acknowledges a new address and
/// makes its route afterwards, on a thread of its own (`addrconf_dad_work`, `net/ipv6/addrconf.c`):
/// until then packets go where the default route leads.
final class RoutedAddresses {
  private static final Path ADDRESSES = Path.of("/proc/thread-self/net/if_inet6");
  private static final Path ROUTES = Path.of("/proc/thread-self/net/ipv6_route");

  /// Length of the prefix of one address, as both files write it.
  private static final String HOST = "80";

  private RoutedAddresses() {}

  /// Waits until every address of the interface has its route.
  static void await(NetworkNamespace node, String link) throws Exception {
    node.run(() -> {
      TestNode.await("routes of the addresses of " + link, () -> allAreRouted(link));
      return node;
    });
  }

  private static boolean allAreRouted(String link) {
    try {
      return routes(link).containsAll(addresses(link));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Lines are: address, index, prefix, scope, flags, interface.
  private static Set<String> addresses(String link) throws IOException {
    return Files.readAllLines(ADDRESSES).stream()
        .map(line -> line.split("\\s+"))
        .filter(words -> words[5].equals(link))
        .map(words -> words[0])
        .collect(Collectors.toSet());
  }

  /// Lines are: destination, prefix, and seven more before the interface.
  private static Set<String> routes(String link) throws IOException {
    return Files.readAllLines(ROUTES).stream()
        .map(line -> line.split("\\s+"))
        .filter(words -> words[1].equals(HOST) && words[9].equals(link))
        .map(words -> words[0])
        .collect(Collectors.toSet());
  }
}
