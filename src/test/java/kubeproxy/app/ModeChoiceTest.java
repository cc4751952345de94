package kubeproxy.app;

import static kubeproxy.config.ProxyMode.IPTABLES;
import static kubeproxy.config.ProxyMode.IPVS;
import static kubeproxy.config.ProxyMode.NFTABLES;
import static kubeproxy.config.ProxyMode.USERSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.app.ModeChoice.Chosen;
import kubeproxy.app.ModeChoice.Refused;
import kubeproxy.config.ProxyMode;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.Test;

class ModeChoiceTest {
  private static final Set<ProxyMode> ALL = EnumSet.allOf(ProxyMode.class);

  /// A host that can carry out these modes.
  private static Map<ProxyMode, ModeSupport> host(ProxyMode... usable) {
    Map<ProxyMode, ModeSupport> support = new EnumMap<>(ProxyMode.class);
    for (ProxyMode mode : ALL) {
      support.put(mode, new ModeSupport(Set.of(), "no " + mode.label() + " here"));
    }
    for (ProxyMode mode : usable) {
      support.put(mode, new ModeSupport(Set.of(IpFamily.IPV4), ""));
    }
    return support;
  }

  private static ModeChoice blank(Map<ProxyMode, ModeSupport> host) {
    return ModeChoice.choose(Optional.empty(), host);
  }

  private static ModeChoice ask(ProxyMode mode, Map<ProxyMode, ModeSupport> host) {
    return ModeChoice.choose(Optional.of(mode), host);
  }

  @Test
  void whoAsksForNothingGetsTheBestThereIs() {
    assertThat(blank(host(NFTABLES, IPTABLES, IPVS, USERSPACE)))
        .isEqualTo(new Chosen(NFTABLES, false, ""));
    assertThat(blank(host(IPTABLES, USERSPACE)))
        .isEqualTo(new Chosen(IPTABLES, false, "nftables cannot be used: no nftables here"));
    assertThat(blank(host(IPVS, USERSPACE)))
        .isEqualTo(
            new Chosen(
                USERSPACE,
                false,
                "nftables cannot be used: no nftables here;"
                    + " iptables cannot be used: no iptables here"));
    assertThat(blank(host()))
        .isEqualTo(
            new Refused(
                "nftables cannot be used: no nftables here;"
                    + " iptables cannot be used: no iptables here;"
                    + " userspace cannot be used: no userspace here"));
  }

  @Test
  void whatIsAskedForIsUsedIfItCanBe() {
    for (ProxyMode mode : ALL) {
      assertThat(ask(mode, host(mode))).isEqualTo(new Chosen(mode, false, ""));
    }
  }

  @Test
  void iptablesFallsBackToUserspace() {
    assertThat(ask(IPTABLES, host(NFTABLES, USERSPACE)))
        .isEqualTo(new Chosen(USERSPACE, true, "iptables cannot be used: no iptables here"));
  }

  @Test
  void ipvsFallsBackToIptablesAndThenToUserspace() {
    assertThat(ask(IPVS, host(IPTABLES, USERSPACE)))
        .isEqualTo(new Chosen(IPTABLES, true, "ipvs cannot be used: no ipvs here"));
    assertThat(ask(IPVS, host(USERSPACE)))
        .isEqualTo(
            new Chosen(
                USERSPACE,
                true,
                "ipvs cannot be used: no ipvs here; iptables cannot be used: no iptables here"));
  }

  @Test
  void nftablesFallsBackToNothing() {
    assertThat(ask(NFTABLES, host(IPTABLES, USERSPACE)))
        .isEqualTo(new Refused("nftables cannot be used: no nftables here"));
  }
}
