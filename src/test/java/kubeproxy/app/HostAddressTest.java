package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.userspace.apply.HostAddresses;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// At which address rules find the relay, on nodes with more and more addresses.
@Tag("kernel")
class HostAddressTest {
  private static final IpAddress FIRST = IpAddress.of("192.0.2.10");
  private static final IpAddress SECOND = IpAddress.of("198.51.100.10");

  private static HostAddresses find(NetworkNamespace node, Optional<IpAddress> bindAddress)
      throws Exception {
    return node.run(() -> new HostAddress(IpFamily.IPV4, bindAddress, Logger.SILENT).get());
  }

  @Test
  void itIsTheOneThatTheNodeUsesTowardsTheWorld() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      node.exec("ip", "link", "set", "lo", "up");
      assertThat(find(node, Optional.empty()).listen()).isEqualTo(IpAddress.of("127.0.0.1"));

      node.exec("ip", "address", "add", FIRST + "/32", "dev", "lo");
      assertThat(find(node, Optional.empty()).listen()).isEqualTo(FIRST);

      node.exec("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
      node.exec("ip", "link", "set", "eth0", "up");
      node.exec("ip", "link", "set", "eth1", "up");
      node.exec("ip", "address", "add", SECOND + "/24", "dev", "eth0");
      node.exec("ip", "route", "add", "default", "via", "198.51.100.1");
      HostAddresses found = find(node, Optional.empty());
      assertThat(found.listen()).isEqualTo(SECOND);
      assertThat(found.all()).contains(FIRST, SECOND);

      assertThat(find(node, Optional.of(FIRST)).listen()).isEqualTo(FIRST);
      IpAddress other = IpAddress.of("2001:db8::1");
      assertThat(find(node, Optional.of(other)).listen()).as("another family").isEqualTo(SECOND);
    }
  }
}
