package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is asked of the host before the mode starts. The kernel of these tests may have no virtual
/// servers, but it has ipsets.
@Tag("kernel")
class IpvsHostTest {

  private static Tools tools(Variant variant, IpFamily family) {
    return new Tools(family, variant, variant == Variant.LEGACY ? "-legacy" : "-nft", "1.8.9");
  }

  @ParameterizedTest
  @EnumSource
  void rulesCanLookIntoSetsAndTryingLeavesNothing(Variant variant) throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      for (IpFamily family : IpFamily.values()) {
        Tools tools = tools(variant, family);
        assertThat(node.run(() -> IpvsHost.rulesObstacle(Programs.ofHost(), tools))).isEmpty();
        assertThat(node.exec(tools.save())).doesNotContain("KUBE");
      }
      assertThat(node.exec("ipset", "list", "-name")).isBlank();
    }
  }

  @Test
  void whatATrialLeftThatWasCutShortIsNoObstacle() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      node.exec("ipset", "create", "KUBE-PROXY-TRY", "hash:ip,port");
      for (IpFamily family : IpFamily.values()) {
        Tools tools = tools(Variant.LEGACY, family);
        assertThat(node.run(() -> IpvsHost.rulesObstacle(Programs.ofHost(), tools))).isEmpty();
      }
      assertThat(node.exec("ipset", "list", "-name")).isBlank();
    }
  }

  @Test
  void aModuleThatCannotBeLoadedIsNamedWithTheReason() throws Exception {
    Programs refusing = (_, _) -> new ProgramEnd.Exited(1, "", "modprobe: FATAL: not found\n");
    assertThat(IpvsHost.obstacle(refusing, Optional::empty))
        .contains(
            "the kernel has no IPVS (module ip_vs, CONFIG_IP_VS): modprobe: FATAL: not found");
    Programs missing = (_, _) -> new ProgramEnd.NotStarted("no such file");
    assertThat(IpvsHost.obstacle(missing, Optional::empty))
        .contains(
            "the kernel has no IPVS (module ip_vs, CONFIG_IP_VS): cannot run modprobe: no such"
                + " file");
  }

  @Test
  void whereTheyCannotTheModuleIsNamed() throws Exception {
    Programs refusing = (_, _) -> new ProgramEnd.Exited(2, "", "Can't find match `set'\n");
    try (NetworkNamespace node = NetworkNamespace.create()) {
      Tools tools = tools(Variant.LEGACY, IpFamily.IPV4);
      Optional<String> obstacle = node.run(() -> IpvsHost.rulesObstacle(refusing, tools));
      assertThat(obstacle)
          .contains(
              "rules cannot look into ipsets (module xt_set, CONFIG_NETFILTER_XT_SET): Can't find"
                  + " match `set'");
      assertThat(node.exec("ipset", "list", "-name")).isBlank();
    }
  }
}
