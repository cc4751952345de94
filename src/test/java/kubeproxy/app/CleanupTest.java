package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.config.ProxyMode;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.CleanupResult.Failure;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.testing.RecordingLogger;
import org.junit.jupiter.api.Test;

class CleanupTest {
  private final RecordingLogger log = new RecordingLogger();
  private final List<String> called = new ArrayList<>();

  private ModeCleanup mode(String name, List<String> removed, List<Failure> failures) {
    return new ModeCleanup() {
      @Override
      public String mode() {
        return name;
      }

      @Override
      public CleanupResult cleanUp() {
        called.add(name);
        return new CleanupResult(removed, failures);
      }
    };
  }

  private Cleanup cleanup(ModeCleanup... modes) {
    return new Cleanup(List.of(modes), log);
  }

  @Test
  void removesEverythingOfAllModes() throws Exception {
    Cleanup cleanup =
        cleanup(
            mode("nftables", List.of("table ip kube-proxy"), List.of()),
            mode("iptables", List.of(), List.of()));
    assertThat(cleanup.run()).isZero();
    assertThat(called).containsExactly("nftables", "iptables");
    assertThat(log.lines())
        .containsExactly("I Removed what a proxy left mode=nftables what=[table ip kube-proxy]");
  }

  @Test
  void tellsOfEachFailingStepAndGoesOn() throws Exception {
    Cleanup cleanup =
        cleanup(
            mode(
                "nftables",
                List.of(),
                List.of(
                    new Failure("table ip kube-proxy", "EPERM"),
                    new Failure("table ip6 kube-proxy", "EBUSY"))),
            mode("iptables", List.of(), List.of()));
    assertThat(cleanup.run()).isEqualTo(1);
    assertThat(called).containsExactly("nftables", "iptables");
    assertThat(log.lines())
        .containsExactly(
            "E Cannot remove what a proxy left mode=nftables what=table ip kube-proxy reason=EPERM",
            "E Cannot remove what a proxy left mode=nftables what=table ip6 kube-proxy"
                + " reason=EBUSY",
            "E Error running ProxyServer err=encountered an error while tearing down rules");
  }

  @Test
  void aStartingModeRemovesWhatIsInItsWay() throws Exception {
    Cleanup cleanup =
        cleanup(
            mode("nftables", List.of(), List.of(new Failure("x", "y"))),
            mode("iptables", List.of(), List.of()),
            mode("ipvs", List.of(), List.of()));
    assertThat(cleanup.removeLeftovers(ProxyMode.NFTABLES)).isTrue();
    assertThat(called).containsExactly("iptables", "ipvs");
    called.clear();
    assertThat(cleanup.removeLeftovers(ProxyMode.IPVS)).isFalse();
    assertThat(called).containsExactly("nftables", "iptables");
    for (ProxyMode mode : List.of(ProxyMode.IPTABLES, ProxyMode.USERSPACE)) {
      called.clear();
      assertThat(cleanup.removeLeftovers(mode)).isFalse();
      assertThat(called).containsExactly("nftables", "ipvs");
    }
  }
}
