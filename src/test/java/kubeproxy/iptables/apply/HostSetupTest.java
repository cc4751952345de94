package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.diff.DiffOptions;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.UniformTreatments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of a host decides over rules.
class HostSetupTest {
  private static final String ROUTE_LOCALNET = "net/ipv4/conf/all/route_localnet";
  private static final String LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

  @TempDir Path settings;

  private final List<String> asked = new ArrayList<>();
  private boolean match = true;

  private CompileOptions options(Map<String, String> values, boolean counters, IpFamily family)
      throws Exception {
    for (Map.Entry<String, String> value : new TreeMap<>(values).entrySet()) {
      Path file = settings.resolve(value.getKey());
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, value.getValue() + "\n");
    }
    return new HostSetup(
            new Sysctl(settings, settings),
            name -> {
              asked.add(name);
              return counters;
            },
            (_, _) -> match)
        .options(new Tools(family, Variant.LEGACY, "-legacy", "1.8.9"), 14, true);
  }

  @Test
  void withCounters() throws Exception {
    assertThat(options(Map.of(ROUTE_LOCALNET, "1", LIBERAL, "0"), true, IpFamily.IPV4))
        .isEqualTo(new CompileOptions(IpFamily.IPV4, 0x4000, true, true, true, true, true));
    assertThat(asked)
        .containsExactly(CompileOptions.INVALID_COUNTER, CompileOptions.LOCALHOST_COUNTER);
  }

  @Test
  void aKernelWithoutCountersIsNoTrouble() throws Exception {
    CompileOptions options = options(Map.of(ROUTE_LOCALNET, "1"), false, IpFamily.IPV4);
    assertThat(options)
        .isEqualTo(new CompileOptions(IpFamily.IPV4, 0x4000, true, true, true, false, false));
    FakeIptables port = new FakeIptables(IpFamily.IPV4);
    RandomPlan random = new RandomPlan(IpFamily.IPV4, new Random(5), 9);
    for (int i = 0; i < 12; i++) {
      random.step();
    }
    assertThat(
            new IptablesDataplane(port, options, DiffOptions.NF_TABLES)
                .sync(
                    new SyncRequest(
                        UniformTreatments.of(random.plan()), PlanDelta.NONE, true, Set.of())))
        .isInstanceOf(Applied.class);
    assertThat(port.dump())
        .contains("--ctstate INVALID -j DROP", "-A KUBE-NODEPORTS")
        .doesNotContain("nfacct");
  }

  /// Two options of the kernel. With one rule that is refused nothing of its table is installed.
  @Test
  void countersWithoutTheMatchAreNotUsed() throws Exception {
    match = false;
    assertThat(options(Map.of(ROUTE_LOCALNET, "1"), true, IpFamily.IPV4))
        .isEqualTo(new CompileOptions(IpFamily.IPV4, 0x4000, true, true, true, false, false));
  }

  @Test
  void packetsAreRoutedToLoopbackOnlyWhereTheKernelDoes() throws Exception {
    assertThat(options(Map.of(ROUTE_LOCALNET, "0"), true, IpFamily.IPV4).localhostNodePorts())
        .isFalse();
    assertThat(options(Map.of(ROUTE_LOCALNET, "1"), true, IpFamily.IPV6).localhostNodePorts())
        .isFalse();
    assertThat(asked).doesNotContain(CompileOptions.LOCALHOST_COUNTER);
  }

  @Test
  void invalidPacketsPassWhereTheKernelIsLiberal() throws Exception {
    assertThat(options(Map.of(LIBERAL, "1"), true, IpFamily.IPV6).dropInvalid()).isFalse();
  }
}
