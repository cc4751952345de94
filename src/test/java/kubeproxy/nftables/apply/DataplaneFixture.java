package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeNftables;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SyncFixture;

/// A data plane over a fake kernel, a planner that follows a cluster, and a few Services.
abstract class DataplaneFixture extends SyncFixture {
  static final ObjectKey WEB = Objects.key("ns/web");
  static final ObjectKey DNS = Objects.key("ns/dns");

  final FakeNftables port = new FakeNftables(IpFamily.IPV4);
  NftablesDataplane dataplane = newDataplane();

  DataplaneFixture() {
    super(
        new PlanConfig.NodePortChoice.InCidrs(Objects.prefixes("192.0.2.0/24")),
        new NodeFacts(List.of(IpAddress.of("192.0.2.1"))));
  }

  @Override
  protected Dataplane dataplane() {
    return dataplane;
  }

  NftablesDataplane newDataplane() {
    return new NftablesDataplane(port, IpFamily.IPV4, Compiled.MARK);
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

  String anew() {
    FakeNftables other = new FakeNftables(IpFamily.IPV4);
    NftablesDataplane fresh = new NftablesDataplane(other, IpFamily.IPV4, Compiled.MARK);
    observe(fresh);
    return other.content();
  }

  void assertInstalled() {
    assertThat(port.content()).isEqualTo(anew());
  }

  static Element element(NamedSet set, String... hex) {
    return Element.of(set, Key.ofBytes(HexFormat.of().parseHex(String.join("", hex))));
  }
}
