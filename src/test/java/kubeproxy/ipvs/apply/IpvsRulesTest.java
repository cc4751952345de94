package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
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
