package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kubeproxy.config.ProxyMode;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.netlink.GenericNetlink;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.RecordingLogger;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ModeProbeTest {
  private static final List<IpFamily> BOTH = List.of(IpFamily.values());

  /// A host on which these calls are answered so.
  private static Programs host(ProgramEnd four, ProgramEnd six) {
    return (call, input) -> {
      boolean version = call.command().contains("--version");
      if (version) {
        return new ProgramEnd.Exited(0, call.command().getFirst() + " v1.8.9 (nf_tables)\n", "");
      }
      assertThat(call.toString()).endsWith("-w 5 -t nat -S POSTROUTING");
      return call.command().getFirst().startsWith("iptables") ? four : six;
    };
  }

  private static ModeSupport iptables(ProgramEnd four, ProgramEnd six) throws Exception {
    return new ModeProbe(host(four, six), BOTH).probe(ProxyMode.IPTABLES);
  }

  @Test
  void iptablesIsUsableWhereItsNatTableCanBeListed() throws Exception {
    ProgramEnd good = new ProgramEnd.Exited(0, "-P POSTROUTING ACCEPT\n", "");
    assertThat(iptables(good, good))
        .isEqualTo(
            new ModeSupport(
                Set.of(IpFamily.IPV4, IpFamily.IPV6),
                "iptables-nft v1.8.9 (nf_tables); ip6tables-nft v1.8.9 (nf_tables)"));
    assertThat(iptables(good, new ProgramEnd.Exited(3, "", "can't initialize ip6tables table")))
        .isEqualTo(
            new ModeSupport(
                Set.of(IpFamily.IPV4),
                "iptables-nft v1.8.9 (nf_tables); ip6tables-nft -w 5 -t nat -S POSTROUTING failed"
                    + " with 3: can't initialize ip6tables table"));
  }

  /// Who holds it lets go some time; what is chosen counts as long as the process lives.
  @Test
  void aLockThatOthersHoldIsNoObstacle() throws Exception {
    ProgramEnd locked =
        new ProgramEnd.Exited(
            4, "", "Another app is currently holding the xtables lock. Stopped waiting after 5s.");
    assertThat(iptables(locked, locked).families()).containsExactlyInAnyOrder(IpFamily.values());
    ProgramEnd otherwise = new ProgramEnd.Exited(4, "", "Memory allocation problem");
    assertThat(iptables(otherwise, otherwise).usable()).isFalse();
  }

  @Test
  void eachFamilyIsLookedAtOnceForTheToolsThatAreUsedLater() throws Exception {
    ProgramEnd good = new ProgramEnd.Exited(0, "-P POSTROUTING ACCEPT\n", "");
    List<String> calls = new ArrayList<>();
    Programs host = host(good, good);
    Programs counted =
        (call, input) -> {
          calls.add(call.toString());
          return host.run(call, input);
        };
    RecordingLogger log = new RecordingLogger();
    ModeSelection selection = select(ProxyMode.IPTABLES, counted, log);
    assertThat(calls).doesNotHaveDuplicates();
    assertThat(selection.probe().tools().keySet()).containsExactlyInAnyOrder(IpFamily.values());
    assertThat(log.lines().getFirst())
        .isEqualTo(
            "I Using proxy mode mode=iptables requested=iptables reason=it was asked for;"
                + " iptables-nft v1.8.9 (nf_tables); ip6tables-nft v1.8.9 (nf_tables)");
    assertThat(
            Objects.requireNonNull(selection.probe().tools().get(IpFamily.IPV6)).tools().toString())
        .isEqualTo("ip6tables-nft v1.8.9 (nf_tables)");
  }

  private static ModeSelection select(ProxyMode mode, Programs host, Logger log) throws Exception {
    return ModeSelection.select(Optional.of(mode), BOTH, new ModeProbe(host, BOTH), log);
  }

  @Test
  void withoutAnyIptablesItIsUserspaceAndTheLogSaysWhy() throws Exception {
    Programs none = (_, _) -> new ProgramEnd.NotStarted("No such file");
    RecordingLogger log = new RecordingLogger();
    ModeSelection selection = select(ProxyMode.IPTABLES, none, log);
    assertThat(selection.mode()).isEqualTo(ProxyMode.USERSPACE);
    assertThat(selection.families()).isEqualTo(BOTH);
    assertThat(selection.instead()).isPresent();
    assertThat(log.lines())
        .singleElement()
        .asString()
        .startsWith(
            "I Using another proxy mode than was asked for mode=userspace requested=iptables"
                + " reason=iptables cannot be used: no iptables for IPv4: cannot run iptables-nft:"
                + " No such file; cannot run iptables-legacy: No such file; cannot run iptables:"
                + " No such file; no iptables for IPv6: ");
  }

  /// A host without iptables may let each attempt wait for its patience.
  @Test
  void theUserspaceModeAsksForNothingThatIsKnown() throws Exception {
    List<String> calls = new ArrayList<>();
    Programs none =
        (call, _) -> {
          calls.add(call.toString());
          return new ProgramEnd.NotStarted("No such file");
        };
    ModeSelection selection = select(ProxyMode.IPTABLES, none, new RecordingLogger());
    int before = calls.size();
    assertThat(selection.probe().probe(ProxyMode.IPTABLES).reason()).contains("No such file");
    assertThat(calls).isNotEmpty().hasSize(before);
  }

  @Test
  void iptablesIsNotUsableWithoutTheProgram() throws Exception {
    Programs none = (_, _) -> new ProgramEnd.NotStarted("No such file");
    ModeSupport support = new ModeProbe(none, BOTH).probe(ProxyMode.IPTABLES);
    assertThat(support.usable()).isFalse();
    assertThat(support.reason())
        .contains("no iptables for IPv4: cannot run iptables-nft: No such file");
    ProgramEnd hangs = new ProgramEnd.TimedOut(Duration.ofSeconds(10));
    assertThat(iptables(hangs, hangs).reason()).contains("did not end within 10 seconds");
  }

  @Test
  void userspaceNeedsNothing() throws Exception {
    ProgramEnd none = new ProgramEnd.NotStarted("No such file");
    assertThat(new ModeProbe(host(none, none), BOTH).probe(ProxyMode.USERSPACE).families())
        .containsExactlyInAnyOrder(IpFamily.values());
  }

  @Test
  @Tag("kernel")
  void nftablesIsUsableHereAndLookingLeavesNothing() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      ModeProbe probe = new ModeProbe(Programs.ofHost(), BOTH);
      assertThat(node.run(() -> probe.probe(ProxyMode.NFTABLES)))
          .isEqualTo(new ModeSupport(Set.of(IpFamily.IPV4, IpFamily.IPV6), ""));
      assertThat(node.exec("nft", "list", "ruleset")).isEmpty();

      node.exec("nft", "add", "table", "ip", "kube-proxy");
      assertThat(node.run(() -> probe.probe(ProxyMode.NFTABLES)).families()).hasSize(2);
      assertThat(node.exec("nft", "list", "tables")).isEqualTo("table ip kube-proxy\n");
    }
  }

  @Test
  @Tag("kernel")
  void ipvsIsUsableOnlyWithAllItNeeds() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      ModeProbe probe = new ModeProbe(Programs.ofHost(), BOTH);
      ModeSupport support = node.run(() -> probe.probe(ProxyMode.IPVS));
      if (GenericNetlink.familyId("IPVS").isEmpty()) {
        assertThat(support.families()).isEmpty();
        assertThat(support.reason())
            .startsWith("the kernel has no IPVS (module ip_vs, CONFIG_IP_VS)");
      } else {
        assertThat(support.usable() || !support.reason().isEmpty()).isTrue();
      }
      assertThat(node.exec("ip", "-o", "link")).doesNotContain("kube-proxy-try");
    }
  }
}
