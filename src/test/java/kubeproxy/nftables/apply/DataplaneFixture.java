package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeNftables;
import kubeproxy.testing.Objects;

/// A data plane over a fake kernel, a planner that follows a cluster, and a few Services.
abstract class DataplaneFixture {
  static final ObjectKey WEB = Objects.key("ns/web");
  static final ObjectKey DNS = Objects.key("ns/dns");
  static final String NODE = "node1";

  final FakeNftables port = new FakeNftables(IpFamily.IPV4);
  final Planner planner =
      new Planner(
          new PlanConfig(
              IpFamily.IPV4,
              NODE,
              false,
              new PlanConfig.DetectLocal.ByClusterCidr(Objects.prefixes("10.0.0.0/8")),
              new PlanConfig.NodePortChoice.InCidrs(Objects.prefixes("192.0.2.0/24")),
              true));
  NftablesDataplane dataplane = newDataplane();
  ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  NodeFacts facts = new NodeFacts(List.of(IpAddress.of("192.0.2.1")));
  Planner.Step planned = planner.update(snapshot, facts, ClusterChange.NONE);

  NftablesDataplane newDataplane() {
    return new NftablesDataplane(port, IpFamily.IPV4, Compiled.MARK);
  }

  void apply(ClusterDelta delta) {
    ClusterSnapshot.Step step = snapshot.apply(delta);
    snapshot = step.snapshot();
    planned = planner.update(snapshot, facts, step.change());
  }

  void put(ClusterObject... objects) {
    apply(ClusterDelta.ofPut(List.of(objects)));
  }

  void putWeb(int endpoints) {
    putWeb(0, endpoints);
  }

  /// A Service with a cluster IP and a node port.
  void putWeb(int affinity, int endpoints) {
    String[] addresses =
        IntStream.rangeClosed(1, endpoints).mapToObj(i -> "10.1.0." + i).toArray(String[]::new);
    put(
        Objects.service("ns/web")
            .clusterIp("172.30.0.1")
            .port("http", Protocol.TCP, 80, 30080)
            .affinity(affinity)
            .build(),
        Objects.slice("ns/web").port("http", 8080).endpoints(addresses).build());
  }

  void putDns() {
    put(
        Objects.service("ns/dns").clusterIp("172.30.0.2").port("dns", Protocol.UDP, 53).build(),
        Objects.slice("ns/dns").port("dns", Protocol.UDP, 53).endpoints("10.2.0.1").build());
  }

  SyncOutcome sync(boolean observe, ObjectKey... setAside) {
    Set<ObjectKey> aside = Set.of(setAside);
    return dataplane.sync(new SyncRequest(planned.plan(), planned.delta(), observe, aside));
  }

  SyncOutcome observeUnchanged() {
    return dataplane.sync(new SyncRequest(planned.plan(), PlanDelta.NONE, true, Set.of()));
  }

  void begin() {
    assertThat(sync(true)).isInstanceOf(Applied.class);
  }

  String anew() {
    FakeNftables other = new FakeNftables(IpFamily.IPV4);
    NftablesDataplane fresh = new NftablesDataplane(other, IpFamily.IPV4, Compiled.MARK);
    fresh.sync(new SyncRequest(planned.plan(), PlanDelta.NONE, true, Set.of()));
    return other.content();
  }

  void assertInstalled() {
    assertThat(port.content()).isEqualTo(anew());
  }

  static Element element(NamedSet set, String... hex) {
    return Element.of(set, Key.ofBytes(HexFormat.of().parseHex(String.join("", hex))));
  }
}
