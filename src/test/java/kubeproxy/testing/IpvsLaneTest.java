package kubeproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kubeproxy.kernel.netlink.GenericNetlink;
import kubeproxy.kernel.route.Links;
import kubeproxy.testing.net.Command;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What every test tagged `ipvs` relies on.
@Tag("ipvs")
class IpvsLaneTest {

  @Test
  void runsInAKernelOfItsOwn() throws IOException {
    assertThat(Files.readString(Path.of("/proc/cpuinfo"))).contains("User Mode Linux");
  }

  @Test
  void thatKernelHasWhatFewHave() throws Exception {
    assertThat(GenericNetlink.familyId("IPVS")).isPresent();
    assertThat(Path.of("/proc/net/sctp")).isDirectory();
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      assertThat(namespace.run(() -> Links.addDummy("d0"))).isEmpty();
    }
  }

  @Test
  void modulesAreLoadedOnDemand() {
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      namespace.exec("ipvsadm", "-A", "-t", "192.0.2.1:80", "-s", "mh");
      namespace.exec("ipset", "create", "s", "hash:ip,port,net");
    }
  }

  @Test
  void iptablesIsTheVariantThatThisKernelCanDo() {
    assertThat(Command.run(List.of("iptables", "--version"), "")).contains("legacy");
    assertThat(Command.run(List.of("ip6tables-save", "--version"), "")).contains("legacy");
  }
}
