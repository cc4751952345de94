package kubeproxy.ipvs.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncOutcome.Indeterminate;
import kubeproxy.dataplane.SyncOutcome.Rejected;
import kubeproxy.iptables.program.Table;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServiceType;
import kubeproxy.plan.Backend;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.FakeIpvs;
import kubeproxy.testing.FakeIpvs.Fault;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SyncFixture;
import org.junit.jupiter.api.Test;

/// What the data plane does, and does about each answer of the kernel.
class IpvsDataplaneTest extends SyncFixture {
  private static final ObjectKey WEB = Objects.key("ns/web");
  private static final IpAddress WEB_IP = IpAddress.of("172.30.0.1");
  private static final ServerKey WEB_SERVER = new ServerKey(WEB_IP, Protocol.TCP, 80);
  private static final ServerKey DNS_SERVER =
      new ServerKey(IpAddress.of("172.30.0.2"), Protocol.UDP, 80);
  private static final Backend FIRST = backend("10.1.0.1");
  private static final Backend SECOND = backend("10.1.0.2");
  private static final IpAddress NODE = IpAddress.of("192.0.2.1");

  private final FakeIpvs kernel = new FakeIpvs();
  private final FakeIptables iptables = new FakeIptables(IpFamily.IPV4);
  private IpvsDataplane dataplane = newDataplane(kernel, iptables);

  private static Backend backend(String address) {
    return new Backend(IpAddress.of(address), 8080);
  }

  private static IpvsDataplane newDataplane(FakeIpvs kernel, FakeIptables iptables) {
    return new IpvsDataplane(
        kernel,
        iptables,
        new CompileOptions(IpFamily.IPV4, "rr", 0x4000),
        new Ownership(Objects.prefixes("198.51.100.0/24")));
  }

  @Override
  protected Dataplane dataplane() {
    return dataplane;
  }

  private void putWeb(String... endpoints) {
    put("web", "172.30.0.1", Protocol.TCP, endpoints);
  }

  private void putDns(String... endpoints) {
    put("dns", "172.30.0.2", Protocol.UDP, endpoints);
  }

  @Override
  protected void begin() {
    super.begin();
    kernel.takeLog();
  }

  /// A fresh start with the same plan would make the same.
  private void assertInstalled() throws Exception {
    FakeIpvs fresh = new FakeIpvs();
    fresh.ownAddresses(kernel.observe().ownAddresses());
    FakeIptables freshTables = new FakeIptables(IpFamily.IPV4);
    observe(newDataplane(fresh, freshTables));
    assertThat(kernel.content()).isEqualTo(fresh.content());
    assertThat(iptables.content()).isEqualTo(freshTables.content());
  }

  private static List<ObjectKey> services(SyncOutcome outcome) {
    assertThat(outcome).isInstanceOf(Rejected.class);
    return outcome instanceof Rejected(List<Refusal> refusals)
        ? refusals.stream().map(Refusal::service).toList()
        : List.of();
  }

  @Test
  void oneEndpointMoreIsOneChange() throws Exception {
    putWeb("10.1.0.1");
    begin();
    putWeb("10.1.0.1", "10.1.0.2");
    assertThat(sync(false)).isEqualTo(new Applied(1, 0));
    assertThat(kernel.takeLog()).containsExactly(new Operation.AddBackend(WEB_SERVER, SECOND));
    assertThat(kernel.observations()).isEqualTo(1);
    assertThat(iptables.restores()).isEqualTo(1);
    assertInstalled();
  }

  @Test
  void oneServiceCostsItsOwnEntriesOnly() throws Exception {
    putWeb("10.1.0.1");
    begin();
    putDns("10.2.0.1");
    assertThat(sync(false)).isInstanceOf(Applied.class);
    // marks and entries first, the address last
    assertThat(kernel.takeLog())
        .hasSize(6)
        .last()
        .isEqualTo(new Operation.AddAddress(IpAddress.of("172.30.0.2")));
    assertInstalled();
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(service("dns")))));
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertThat(kernel.takeLog())
        .hasSize(5)
        .first()
        .isEqualTo(new Operation.RemoveAddress(IpAddress.of("172.30.0.2")));
    assertInstalled();
  }

  private static ClusterObject service(String name) {
    return Objects.service("ns/" + name).clusterIp("172.30.0.2").build();
  }

  @Test
  void aTcpEndpointWithConnectionsOnlyLosesItsWeight() throws Exception {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    kernel.connect(WEB_SERVER, SECOND, 3);
    putWeb("10.1.0.1");
    assertThat(sync(false)).isEqualTo(new Applied(1, 0));
    assertThat(kernel.weight(WEB_SERVER, SECOND)).isZero();
    assertThat(dataplane.objectCounts()).containsEntry("draining-server", 1);
    assertInstalled();
  }

  @Test
  void aTcpEndpointWithoutConnectionsIsRemoved() throws Exception {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    putWeb("10.1.0.1");
    assertThat(sync(false)).isEqualTo(new Applied(1, 0));
    assertThat(kernel.weight(WEB_SERVER, SECOND)).isEqualTo(-1);
    assertThat(dataplane.objectCounts()).containsEntry("draining-server", 0);
  }

  @Test
  void anEndpointOfUdpIsRemovedAtOnce() throws Exception {
    putDns("10.1.0.1", "10.1.0.2");
    begin();
    kernel.connect(DNS_SERVER, SECOND, 3);
    putDns("10.1.0.1");
    assertThat(sync(false)).isEqualTo(new Applied(1, 0));
    assertThat(kernel.takeLog()).containsExactly(new Operation.RemoveBackend(DNS_SERVER, SECOND));
  }

  @Test
  void anEndpointThatComesBackIsRevived() throws Exception {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    kernel.connect(WEB_SERVER, SECOND, 3);
    putWeb("10.1.0.1");
    sync(false);
    putWeb("10.1.0.1", "10.1.0.2");
    assertThat(sync(false)).isEqualTo(new Applied(1, 0));
    assertThat(kernel.weight(WEB_SERVER, SECOND)).isEqualTo(1);
    assertThat(dataplane.objectCounts()).containsEntry("draining-server", 0);
    assertInstalled();
  }

  @Test
  void whenConnectionsHaveEndedThereIsSomethingToDo() throws Exception {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    kernel.connect(WEB_SERVER, SECOND, 1);
    putWeb("10.1.0.1");
    sync(false);
    assertThat(dataplane.isOutOfDate(kernel.observe(), dataplane.generation())).isFalse();
    kernel.connect(WEB_SERVER, SECOND, 0);
    assertThat(dataplane.isOutOfDate(kernel.observe(), dataplane.generation())).isTrue();
    assertThat(dataplane.isOutOfDate(kernel.observe(), dataplane.generation() - 1)).isFalse();
    // nobody else did it
    assertThat(observeUnchanged()).isEqualTo(new Applied(1, 0));
    assertThat(kernel.weight(WEB_SERVER, SECOND)).isEqualTo(-1);
    assertThat(dataplane.isOutOfDate(kernel.observe(), dataplane.generation())).isFalse();
  }

  @Test
  void theLastEndpointLeavesAServerWhoseConnectionsGoOn() throws Exception {
    putWeb("10.1.0.1");
    begin();
    kernel.connect(WEB_SERVER, FIRST, 1);
    putWeb();
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertThat(kernel.weight(WEB_SERVER, FIRST)).isZero();
    assertThat(kernel.bound()).contains(WEB_IP);
    assertInstalled();
  }

  @Test
  void aRestartChangesNothingThatIsRight() throws Exception {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    kernel.connect(WEB_SERVER, SECOND, 1);
    putWeb("10.1.0.1");
    sync(false);
    dataplane = newDataplane(kernel, iptables);
    assertThat(observeUnchanged()).isEqualTo(new Applied(0, 0));
    assertThat(kernel.weight(WEB_SERVER, SECOND)).isZero();
    assertThat(dataplane.objectCounts()).containsEntry("draining-server", 1);
  }

  @Test
  void whatOthersChangedIsRepairedAndCounted() throws Exception {
    putWeb("10.1.0.1");
    begin();
    kernel.loseReal(WEB_SERVER, FIRST);
    kernel.entries(IpSet.CLUSTER_IP).clear();
    kernel.entries(IpSet.SERVERS).clear();
    iptables.rules(Table.NAT, "POSTROUTING").clear();
    assertThat(dataplane.isOutOfDate(kernel.observe(), dataplane.generation())).isTrue();
    assertThat(observeUnchanged()).isEqualTo(new Applied(4, 4));
    assertInstalled();
  }

  @Test
  void serversOfOthersAreLeftAlone() throws Exception {
    putWeb("10.1.0.1");
    Scheduling scheduling = Scheduling.of("wlc", 0);
    ServerKey elsewhere = new ServerKey(IpAddress.of("203.0.113.7"), Protocol.TCP, 443);
    ServerKey onNode = new ServerKey(NODE, Protocol.TCP, 443);
    ServerKey routed = new ServerKey(IpAddress.of("172.30.0.9"), Protocol.TCP, 80);
    ServerKey excluded = new ServerKey(IpAddress.of("198.51.100.1"), Protocol.TCP, 80);
    ServerKey upstreams = new ServerKey(IpAddress.of("172.30.0.8"), Protocol.TCP, 80);
    List.of(elsewhere, onNode, routed, excluded, upstreams)
        .forEach(key -> kernel.gainServer(key, scheduling));
    kernel.setReal(routed, FIRST, 1, false, 0);
    kernel.bound().add(routed.address());
    kernel.bound().add(excluded.address());
    kernel.bound().add(upstreams.address());
    kernel.ownAddresses(List.of(NODE));
    begin();
    assertThat(kernel.keys())
        .containsExactlyInAnyOrder(WEB_SERVER, elsewhere, onNode, routed, excluded);
    assertThat(kernel.bound()).containsExactly(WEB_IP);
  }

  @Test
  void upstreamsNodePortsAreTakenOver() {
    ServerKey stale = new ServerKey(NODE, Protocol.TCP, 30_000);
    kernel.gainServer(stale, Scheduling.of("rr", 0));
    kernel
        .entries(IpSet.NODE_PORT_TCP)
        .add(new SetEntry(IpSet.NODE_PORT_TCP, new SetEntry.Element.Port(30_000)));
    kernel.ownAddresses(List.of(NODE));
    begin();
    assertThat(kernel.keys()).isEmpty();
    assertThat(kernel.entries(IpSet.NODE_PORT_TCP)).isEmpty();
  }

  @Test
  void nodePortsFollowTheAddressesOfTheNode() throws Exception {
    kernel.ownAddresses(List.of(NODE, IpAddress.of("127.0.0.1")));
    apply(
        ClusterDelta.ofPut(
            List.of(
                Objects.service("ns/web")
                    .clusterIp("172.30.0.1")
                    .type(ServiceType.NODE_PORT)
                    .port("p", Protocol.TCP, 80, 30_000)
                    .build(),
                Objects.slice("ns/web")
                    .port("p", Protocol.TCP, 8080)
                    .endpoints("10.1.0.1")
                    .build())));
    begin();
    ServerKey port = new ServerKey(NODE, Protocol.TCP, 30_000);
    assertThat(kernel.keys()).containsExactlyInAnyOrder(WEB_SERVER, port);
    IpAddress other = IpAddress.of("192.0.2.7");
    kernel.ownAddresses(List.of(other));
    assertThat(dataplane.isOutOfDate(kernel.observe(), dataplane.generation())).isTrue();
    assertThat(observeUnchanged()).isInstanceOf(Applied.class);
    assertThat(kernel.keys())
        .containsExactlyInAnyOrder(WEB_SERVER, new ServerKey(other, Protocol.TCP, 30_000));
    assertInstalled();
  }

  @Test
  void aRefusedServiceIsNamedAndTheOthersAreInstalled() throws Exception {
    kernel.refuse(operation ->
        operation instanceof Operation.AddServer(ServerKey key, _) && key.equals(WEB_SERVER));
    putDns("10.2.0.1");
    begin();
    putWeb("10.1.0.1");
    assertThat(services(sync(false))).containsExactly(WEB);
    assertThat(sync(false, WEB)).isInstanceOf(Applied.class);
    assertThat(kernel.keys()).containsExactly(DNS_SERVER);
    assertThat(kernel.bound()).doesNotContain(WEB_IP);
    kernel.refuse(_ -> false);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void aServiceSetAsideGivesWayToOthers() throws Exception {
    putWeb("10.1.0.1");
    begin();
    put("other", "172.30.0.1", Protocol.TCP, "10.9.0.1");
    assertThat(sync(false, WEB)).isInstanceOf(Applied.class);
    assertThat(kernel.backends(WEB_SERVER)).containsExactly(backend("10.9.0.1"));
  }

  @Test
  void afterACallThatFailsItIsReadBack() throws Exception {
    putWeb("10.1.0.1");
    begin();
    kernel.setFaults(() -> Fault.HALFWAY);
    putDns("10.2.0.1");
    assertThat(sync(false)).isInstanceOf(Indeterminate.class);
    kernel.setFaults(() -> Fault.NONE);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void whenTheRemovalOfIdleEndpointsFailsItIsReadBack() throws Exception {
    putWeb("10.1.0.1");
    begin();
    Iterator<Fault> faults = List.of(Fault.NONE, Fault.HALFWAY).iterator();
    kernel.setFaults(faults::next);
    putWeb();
    assertThat(sync(false)).isInstanceOf(Indeterminate.class);
    assertThat(kernel.keys()).isEmpty();
    assertThat(kernel.entries(IpSet.SERVERS)).as("half of it was done").isNotEmpty();
    kernel.setFaults(() -> Fault.NONE);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertThat(kernel.entries(IpSet.SERVERS)).isEmpty();
    assertInstalled();
  }

  @Test
  void aSurpriseIsNoRefusal() throws Exception {
    putWeb("10.1.0.1");
    begin();
    kernel.loseServer(WEB_SERVER);
    putWeb("10.1.0.1", "10.1.0.2");
    assertThat(sync(false)).isInstanceOf(Indeterminate.class);
    assertThat(sync(true)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void rulesThatCannotBeWrittenAreNobodysFault() {
    iptables.refuse(line -> line.contains("KUBE-CLUSTER-IP"), false);
    putWeb("10.1.0.1");
    assertThat(services(sync(true))).containsExactly((ObjectKey) null);
    iptables.refuse(_ -> false, false);
    assertThat(sync(true)).isInstanceOf(Applied.class);
  }

  @Test
  void cleaningUpLeavesNothing() {
    putWeb("10.1.0.1");
    begin();
    dataplane.cleanUp();
    assertThat(kernel.keys()).isEmpty();
    assertThat(kernel.bound()).isEmpty();
    assertThat(iptables.dump()).doesNotContain("KUBE-");
  }
}
