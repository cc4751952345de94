package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// More chains than `iptables-nft-save` can be waited for.
@Tag("kernel")
class ManyServicesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Programs PROGRAMS = Programs.ofHost();
  private static final Tools TOOLS = new Tools(IpFamily.IPV4, Variant.NF_TABLES, "-nft", "1.8.9");
  private static final int SERVICES = 3_000;
  private static final int ENDPOINTS = 10;

  private final AtomicInteger restores = new AtomicInteger();

  /// What is shared with the kubelet stays after a clean-up.
  @AfterEach
  void removeShared() throws Exception {
    iptables("-F");
    iptables("-X");
  }

  private static void iptables(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(TOOLS.iptables(), "-w"));
    command.addAll(List.of(arguments));
    ProgramEnd end = PROGRAMS.run(new ProgramCall(command, Map.of(), PATIENCE));
    assertThat(end instanceof ProgramEnd.Exited exited && exited.succeeded())
        .as("%s: %s", command, end)
        .isTrue();
  }

  private static NodePlan plan() {
    List<ClusterObject> objects = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      int service = i;
      String name = "ns/s" + i;
      objects.add(
          Objects.service(name)
              .clusterIp("172.30." + i / 250 + "." + (1 + i % 250))
              .port("p", Protocol.TCP, 80)
              .build());
      objects.add(
          Objects.slice(name)
              .port("p", Protocol.TCP, 8080)
              .endpoints(
                  IntStream.range(0, ENDPOINTS)
                      .mapToObj(e -> "10.%d.%d.%d".formatted(e, service / 250, 1 + service % 250))
                      .toArray(String[]::new))
              .build());
    }
    PlanConfig config =
        new PlanConfig(
            IpFamily.IPV4,
            "node1",
            false,
            new PlanConfig.DetectLocal.ByClusterCidr(Objects.prefixes("10.0.0.0/8")),
            new PlanConfig.NodePortChoice.InCidrs(List.of()),
            true);
    return new Planner(config)
        .update(
            ClusterSnapshot.EMPTY.apply(ClusterDelta.ofPut(objects)).snapshot(),
            new NodeFacts(List.of()),
            ClusterChange.NONE)
        .plan();
  }

  /// A new process.
  private IptablesDataplane dataplane() {
    Programs counted =
        (call, input) -> {
          if (call.command().getFirst().equals(TOOLS.restore())) {
            restores.incrementAndGet();
          }
          return PROGRAMS.run(call, input);
        };
    return new IptablesDataplane(
        new HostIptables(counted, TOOLS),
        CompileOptions.of(IpFamily.IPV4, 0x4000),
        Variant.NF_TABLES.diffOptions());
  }

  private static SyncOutcome observe(IptablesDataplane dataplane, NodePlan plan) {
    return dataplane.sync(new SyncRequest(plan, PlanDelta.NONE, true, Set.of()));
  }

  private static Set<String> natChains() throws Exception {
    return NfTablesReader.readHost(IpFamily.IPV4).tables().chains(Table.NAT).keySet();
  }

  @Test
  @Timeout(300)
  void areReadBackRepairedAndRemoved() throws Exception {
    NodePlan plan = plan();
    assertThat(observe(dataplane(), plan)).isInstanceOf(Applied.class);
    assertThat(natChains()).hasSizeGreaterThan(HostIptables.MOST_CHAINS_TO_SAVE);

    int before = restores.get();
    IptablesDataplane second = dataplane();
    assertThat(observe(second, plan)).as("a restart").isEqualTo(new Applied(0, 0));
    assertThat(restores).hasValue(before);

    String deep =
        natChains().stream()
            .filter(chain -> chain.startsWith(ChainNames.ENDPOINT))
            .max(String::compareTo)
            .orElseThrow();
    iptables("-t", "nat", "-D", deep, "1");
    assertThat(observe(second, plan)).as("an edit").isEqualTo(new Applied(3, 3));
    assertThat(observe(second, plan)).isEqualTo(new Applied(0, 0));

    CleanupResult result = new IptablesCleanup(PROGRAMS).cleanUp();
    assertThat(result.failures()).isEmpty();
    assertThat(natChains()).noneMatch(chain -> Layout.isOurs(Table.NAT, chain));
  }
}
