package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.IntStream;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.FakeNftables.Fault;
import kubeproxy.testing.Objects;
import org.junit.jupiter.api.Test;

class AffinitySweepTest extends DataplaneFixture {

  // Clients: address, original destination, protocol, port.
  private static Element client(NamedSet set, String destination, int port, String endpoint) {
    Key key =
        Key.builder(16)
            .address(IpAddress.of("10.9.9.9"))
            .address(IpAddress.of(destination))
            .protocol(Protocol.TCP)
            .port(port)
            .build();
    Key value = Key.builder(8).address(IpAddress.of(endpoint)).port(8080).build();
    return Element.of(set, key, new ElementValue.Data(value));
  }

  private static final Element KEPT = client(NamedSet.AFFINITY, "172.30.0.1", 80, "10.1.0.1");
  private static final Element STALE = client(NamedSet.AFFINITY, "192.0.2.1", 30080, "10.1.0.2");

  @Test
  void clientsOfEndpointsThatGoAreForgotten() {
    putWeb(60, 2);
    begin();
    port.gain(KEPT);
    port.gain(STALE);
    putDns();
    sync(false);
    assertThat(port.elements(NamedSet.AFFINITY)).containsExactlyInAnyOrder(KEPT, STALE);
    putWeb(60, 1);
    sync(false);
    assertThat(port.elements(NamedSet.AFFINITY)).containsExactly(KEPT);
    putWeb(0, 1);
    sync(false);
    assertThat(port.elements(NamedSet.AFFINITY)).isEmpty();
  }

  @Test
  void forgettingThatFailsIsMadeUpForWithTheNextCommit() {
    putWeb(60, 2);
    begin();
    port.gain(STALE);
    port.setUnforgetting(true);
    putWeb(60, 1);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertThat(port.elements(NamedSet.AFFINITY)).containsExactly(STALE);
    port.setUnforgetting(false);
    putDns();
    sync(false);
    assertThat(port.elements(NamedSet.AFFINITY)).isEmpty();
  }

  @Test
  void clientsAreForgottenAfterAnUnknownOutcomeToo() {
    putWeb(60, 2);
    begin();
    port.gain(STALE);
    putWeb(60, 1);
    port.setFaults(commit -> commit == 1 ? Fault.UNKNOWN_AFTER : Fault.NONE);
    sync(false);
    sync(true);
    assertThat(port.elements(NamedSet.AFFINITY)).isEmpty();
  }

  @Test
  void clientsAreForgottenEvenIfTheLearnersAreMadeAnew() {
    putSmall(2);
    begin();
    port.gain(client(NamedSet.AFFINITY, "172.30.0.8", 80, "10.1.0.2"));
    put(
        Objects.service("ns/big").clusterIp("172.30.0.9").affinity(60).port("", 80).build(),
        Objects.slice("ns/big").port("", 80).endpoints(addresses(1100)).build());
    putSmall(1);
    Set<ObjectKey> changed = Set.of(Objects.key("ns/small"), Objects.key("ns/big"));
    dataplane.sync(new SyncRequest(planned.plan(), new PlanDelta(changed, false), false, Set.of()));
    assertThat(port.size(NamedSet.AFFINITY_LEARNERS)).isGreaterThan(1100);
    assertThat(port.elements(NamedSet.AFFINITY)).isEmpty();
  }

  private void putSmall(int endpoints) {
    String[] addresses =
        IntStream.rangeClosed(1, endpoints).mapToObj(i -> "10.1.0." + i).toArray(String[]::new);
    put(
        Objects.service("ns/small").clusterIp("172.30.0.8").affinity(60).port("", 80).build(),
        Objects.slice("ns/small").port("", 8080).endpoints(addresses).build());
  }

  private static String[] addresses(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "10.3." + i / 250 + "." + (1 + i % 250))
        .toArray(String[]::new);
  }

  @Test
  void endpointsOfThisNodeAreRememberedApart() {
    putLocal(NODE_NAME);
    begin();
    Element everywhere = client(NamedSet.AFFINITY, "1.2.3.4", 80, "10.1.0.1");
    Element local = client(NamedSet.LOCAL_AFFINITY, "1.2.3.4", 80, "10.1.0.1");
    port.gain(everywhere);
    port.gain(local);
    observeUnchanged();
    assertThat(port.elements(NamedSet.LOCAL_AFFINITY)).containsExactly(local);
    // it moves to another node, under the same address
    putLocal("node2");
    sync(false);
    assertThat(port.elements(NamedSet.LOCAL_AFFINITY)).isEmpty();
    assertThat(port.elements(NamedSet.AFFINITY)).containsExactly(everywhere);
  }

  private void putLocal(String node) {
    put(
        Objects.service("ns/web")
            .clusterIp("172.30.0.1")
            .externalIps("1.2.3.4")
            .externalLocal()
            .affinity(60)
            .port("http", 80)
            .build(),
        Objects.slice("ns/web")
            .port("http", 8080)
            .endpoint("10.1.0.1", Objects.on(node))
            .endpoint("10.1.0.2", Objects.on(NODE_NAME))
            .build());
  }
}
