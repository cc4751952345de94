package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.iptables.apply.HostIptables;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.compile.RuleCompiler;
import kubeproxy.ipvs.diff.IpvsFootprint;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.diff.RuleDiff;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.ipset.IpSets;
import kubeproxy.kernel.ipset.SetChange;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.testing.EveryShape;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of the mode in the tables of either variant of the tools, which need no virtual
/// servers.
@Tag("kernel")
class IpvsRulesTest {

  static Stream<Arguments> hosts() {
    return Stream.of(Variant.values())
        .flatMap(
            variant -> Stream.of(IpFamily.values()).map(family -> Arguments.of(variant, family)));
  }

  private static NodeSettings settings(IpFamily family, LocalSource source) {
    String cidr = family == IpFamily.IPV4 ? "172.30.0.0/16" : "fd00:172:30::/64";
    return new NodeSettings(
        false, source, new NodePortAddresses.AllLocal(), List.of(IpPrefix.of(cidr)));
  }

  private static void makeSets(IpFamily family) throws Exception {
    try (IpSets sets = IpSets.open()) {
      sets.apply(
          Stream.of(IpSet.values())
              .map(set -> new SetChange.Create(set.label(family), Translation.shape(set, family)))
              .toList());
    }
  }

  /// As kube-proxy 1.20 writes it, and what the kubelet has beside it.
  private static String oldFirewall(IpFamily family) {
    return """
    *nat
    :KUBE-FIREWALL - [0:0]
    :KUBE-LOAD-BALANCER - [0:0]
    :KUBE-MARK-DROP - [0:0]
    -A KUBE-LOAD-BALANCER -m set --match-set %1$s dst,dst -j KUBE-FIREWALL
    -A KUBE-FIREWALL -m set --match-set %2$s dst,dst,src -j RETURN
    -A KUBE-FIREWALL -j KUBE-MARK-DROP
    -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
    COMMIT
    *filter
    :KUBE-FIREWALL - [0:0]
    -A INPUT -j KUBE-FIREWALL
    -A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
    COMMIT
    """
        .formatted(
            IpSet.LOAD_BALANCER_FW.label(family), IpSet.LOAD_BALANCER_SOURCE_CIDR.label(family));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void cleaningUpRemovesTheFirewallOfOldVersionsAndItsSets(Variant variant, IpFamily family)
      throws Exception {
    Tools tools =
        new Tools(family, variant, variant == Variant.LEGACY ? "-legacy" : "-nft", "1.8.9");
    Programs programs = Programs.ofHost();
    try (NetworkNamespace node = NetworkNamespace.create()) {
      node.run(() -> {
        makeSets(family);
        return node;
      });
      node.execWithInput(oldFirewall(family), tools.restore(), "--noflush");
      Footprint all = Footprint.IPTABLES.and(IpvsFootprint.all());
      assertThat(node.run(() -> new IptablesCleanup(programs, all).cleanUp()).failures()).isEmpty();
      CleanupResult ipvs =
          node.run(() -> new IpvsCleanup(programs, new Ownership(List.of()), true).cleanUp());
      assertThat(ipvs.failures()).isEmpty();
      assertThat(node.exec("ipset", "list", "-name")).isBlank();
      assertThat(node.exec(tools.save()))
          .contains("-A INPUT -j KUBE-FIREWALL", "-A KUBE-MARK-DROP")
          .doesNotContain("match-set", "-A KUBE-FIREWALL -j KUBE-MARK-DROP");
    }
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void whatIsWrittenIsReadBackAsRightAndRemovedAgain(Variant variant, IpFamily family)
      throws Exception {
    String infix = variant == Variant.LEGACY ? "-legacy" : "-nft";
    Tools tools = new Tools(family, variant, infix, "1.8.9");
    RuleCompiler compiler = new RuleCompiler(new CompileOptions(family, "rr", 1 << 14));
    try (NetworkNamespace node = NetworkNamespace.create()) {
      node.run(() -> {
        makeSets(family);
        HostIptables host = new HostIptables(Programs.ofHost(), tools);
        for (LocalSource source : EveryShape.sources(family)) {
          List<ChainRules> chains = compiler.chains(settings(family, source));
          RestoreInput input = RuleDiff.between(family, host.observe(), chains);
          assertThat(input.isEmpty()).isFalse();
          assertThat(host.restore(input)).isEqualTo(new RestoreEnd.Restored());
          assertThat(RuleDiff.between(family, host.observe(), chains).toString()).isEmpty();
        }
        return node;
      });
      Footprint all = Footprint.IPTABLES.and(IpvsFootprint.all());
      assertThat(node.run(() -> new IptablesCleanup(Programs.ofHost(), all).cleanUp()).failures())
          .isEmpty();
      assertThat(node.exec(tools.save())).doesNotContain("KUBE");
    }
  }
}
