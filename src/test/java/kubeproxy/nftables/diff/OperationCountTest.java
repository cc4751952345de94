package kubeproxy.nftables.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A change of endpoints costs the same however many there are.
class OperationCountTest {
  private static final ObjectKey WEB = Objects.key("ns/web");

  @ParameterizedTest(name = "{0} endpoints, affinity {1}")
  @CsvSource({"5, 0", "5, 60", "100, 0", "100, 60", "1000, 0", "1000, 60"})
  void oneEndpoint(int count, int affinity) {
    Installed installed = new Installed();
    installed.accept(FullDiff.between(Observed.NOTHING, Compiled.all(plan(0, count, affinity))));
    int learners = affinity == 0 ? 0 : 1;
    int frontends = 2;

    Proposal added = change(installed, plan(0, count + 1, affinity));
    assertThat(added.transaction().operations()).hasSize(frontends * (1 + learners));
    installed.accept(added);

    // the first goes: its number is taken by the last
    Proposal removed = change(installed, plan(1, count + 1, affinity));
    assertThat(removed.transaction().operations())
        .hasSizeLessThanOrEqualTo(frontends * (3 + learners));
    installed.accept(removed);

    assertThat(change(installed, plan(1, count + 1, affinity)).transaction().isEmpty()).isTrue();
  }

  private static Proposal change(Installed installed, NodePlan plan) {
    return Differ.changes(installed, Compiled.changes(plan, Set.of(WEB)));
  }

  private static NodePlan plan(int first, int last, int affinity) {
    List<Backend> backends = new ArrayList<>();
    IntStream.range(first, last)
        .mapToObj(i -> new Backend(IpAddress.of("10.0." + i / 250 + "." + (i % 250 + 1)), 80))
        .forEach(backends::add);
    Pool pool = new Pool(backends);
    IpAddress address = IpAddress.of("172.30.0.1");
    List<Frontend> frontends =
        List.of(
            new Frontend(
                FrontendKind.CLUSTER_IP,
                address,
                Protocol.TCP,
                80,
                new Treatment.Internal(pool),
                List.of()),
            new Frontend(
                FrontendKind.NODE_PORT,
                null,
                Protocol.TCP,
                30080,
                new Treatment.ExternalCluster(pool),
                List.of()));
    ServicePortName name = new ServicePortName(WEB, "", Protocol.TCP);
    PlannedPort port = new PlannedPort(name, affinity, frontends, List.of(), List.of());
    PlannedService service = new PlannedService(WEB, List.of(port), List.of(address), 0, 0);
    return new NodePlan(
        IpFamily.IPV4,
        new NodeSettings(
            false, new LocalSource.Unknown(), new NodePortAddresses.AllLocal(), List.of()),
        PersistentMap.<ObjectKey, PlannedService>empty().with(Map.of(WEB, service)),
        PersistentMap.<ObjectKey, List<Problem>>empty());
  }
}
