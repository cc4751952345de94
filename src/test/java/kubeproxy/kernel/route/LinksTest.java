package kubeproxy.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class LinksTest {

  @Test
  void findsAndRemovesInterfacesByName() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      assertThat(node.run(() -> Links.find("lo"))).isEmpty();
      assertThat(name(node.run(() -> Links.find("none")))).hasValue("ENODEV");
      assertThat(name(node.run(() -> Links.delete("none")))).hasValue("ENODEV");
      node.exec("ip", "link", "add", "br9", "type", "bridge");
      assertThat(node.run(() -> Links.delete("br9"))).isEmpty();
      assertThat(node.exec("ip", "-o", "link")).doesNotContain("br9");
    }
  }

  @Test
  void makesADummyWhereTheKernelHasThem() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      Optional<NetlinkError> refusal = node.run(() -> Links.addDummy("d0"));
      if (refusal.isPresent()) {
        assertThat(name(refusal)).hasValue("EOPNOTSUPP");
      } else {
        assertThat(node.exec("ip", "-d", "link", "show", "d0")).contains("dummy");
        assertThat(name(node.run(() -> Links.addDummy("d0")))).hasValue("EEXIST");
      }
    }
  }

  private static Optional<String> name(Optional<NetlinkError> error) {
    return error.map(NetlinkError::name);
  }
}
