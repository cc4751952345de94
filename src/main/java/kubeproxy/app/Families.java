package kubeproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kubeproxy.model.IpFamily;

/// Which IP families this node can have.
final class Families {
  private static final Path IF_INET6 = Path.of("/proc/net/if_inet6");
  private static final Path DISABLE_IPV6 = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");

  private Families() {}

  /// IPv4, and IPv6 where the kernel has it and it is not switched off.
  static List<IpFamily> usable() {
    return hasIpv6() ? List.of(IpFamily.IPV4, IpFamily.IPV6) : List.of(IpFamily.IPV4);
  }

  private static boolean hasIpv6() {
    if (!Files.exists(IF_INET6)) {
      return false;
    }
    try {
      return !Files.readString(DISABLE_IPV6).strip().equals("1");
    } catch (IOException e) {
      return true;
    }
  }
}
