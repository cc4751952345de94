package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncOutcome.Indeterminate;
import kubeproxy.dataplane.SyncOutcome.Rejected;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.diff.DiffOptions;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SyncFixture;
import org.junit.jupiter.api.Test;

/// What the data plane does about each answer of the tools.
class IptablesDataplaneTest extends SyncFixture {
  private static final ObjectKey WEB = Objects.key("ns/web");

  private final FakeIptables port = new FakeIptables(IpFamily.IPV4);
  private IptablesDataplane dataplane = newDataplane(port);

  private static IptablesDataplane newDataplane(IptablesPort port) {
    return new IptablesDataplane(
        port, CompileOptions.of(IpFamily.IPV4, 0x4000), DiffOptions.NF_TABLES);
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

  private void assertInstalled() {
    FakeIptables other = new FakeIptables(IpFamily.IPV4);
    observe(newDataplane(other));
    assertThat(port.content()).isEqualTo(other.content());
  }

  private static List<ObjectKey> services(SyncOutcome outcome) {
    assertThat(outcome).isInstanceOf(Rejected.class);
    return outcome instanceof Rejected(List<Refusal> refusals)
        ? refusals.stream().map(Refusal::service).toList()
        : List.of();
  }

  @Test
  void oneServiceCostsItsOwnRulesOnly() {
    putWeb("10.1.0.1", "10.1.0.2");
    begin();
    assertInstalled();
    putDns("10.2.0.1");
    // the dispatch rule; two chains with two rules each
    assertThat(sync(false)).isEqualTo(new Applied(7, 0));
    assertInstalled();
    assertThat(port.lastInput()).doesNotContain("ns/web", "*filter");
    assertThat(port.observations()).isEqualTo(1);
  }

  @Test
  void aNewEndpointLeavesDispatchAlone() {
    putWeb("10.1.0.1");
    begin();
    putWeb("10.1.0.1", "10.1.0.2");
    sync(false);
    assertThat(port.lastInput()).doesNotContain("KUBE-SERVICES");
    assertInstalled();
  }

  @Test
  void withMoreThanAThousandEndpointsRulesOfSingleOnesHaveNoComments() {
    put("web", "172.30.0.1", Protocol.TCP, addresses(1000));
    begin();
    assertThat(endpointComments()).isEqualTo(3000);
    putDns("10.2.0.1");
    sync(false);
    assertThat(port.lastInput()).contains("-j DNAT").doesNotContain("-> 10.2.0.1", "/dns:p -");
    assertThat(endpointComments()).as("what is not changed stays").isEqualTo(3000);
    assertThat(observeUnchanged()).as("and is right").isEqualTo(new Applied(0, 0));
    dataplane = newDataplane(port);
    assertThat(observeUnchanged()).isEqualTo(new Applied(0, 0));
    put("web", "172.30.0.1", Protocol.TCP, addresses(1001));
    sync(false);
    assertThat(endpointComments()).as("but for the endpoints' own chains").isEqualTo(2000);
    put("web", "172.30.0.1", Protocol.TCP, addresses(10));
    sync(false);
    assertThat(endpointComments()).as("10 rules of the Service, 20 of endpoints").isEqualTo(30);
    assertInstalled();
  }

  private static String[] addresses(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "10.1." + i / 250 + "." + (1 + i % 250))
        .toArray(String[]::new);
  }

  /// Comments of rules for single endpoints.
  private long endpointComments() {
    return port.chains(Table.NAT).entrySet().stream()
        .filter(chain -> ChainNames.isOfService(chain.getKey()))
        .flatMap(chain -> chain.getValue().stream())
        .filter(rule -> rule.contains("--comment") && !rule.contains("cluster IP"))
        .count();
  }

  @Test
  void aServiceThatGoesTakesItsChainsAlong() {
    putWeb("10.1.0.1");
    putDns("10.2.0.1");
    begin();
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(Objects.service("ns/web").build()))));
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertThat(port.lastInput()).contains("-D KUBE-SERVICES", "-X KUBE-SVC-");
    assertInstalled();
  }

  @Test
  void aNewProcessWritesNothing() {
    putWeb("10.1.0.1", "10.1.0.2");
    putDns();
    begin();
    int restores = port.restores();
    dataplane = newDataplane(port);
    assertThat(observeUnchanged()).isEqualTo(new Applied(0, 0));
    assertThat(port.restores()).isEqualTo(restores);
  }

  @Test
  void whatOthersDidIsRepairedAndCounted() {
    putWeb("10.1.0.1");
    begin();
    port.chains(Table.NAT).values().forEach(List::clear);
    SyncOutcome outcome = observeUnchanged();
    assertThat(outcome).isInstanceOf(Applied.class);
    assertThat(outcome instanceof Applied(_, int repaired) ? repaired : 0).isPositive();
    assertInstalled();
  }

  @Test
  void aRuleThatCannotBeToldIsNeverTakenForOurs() {
    putWeb("10.1.0.1");
    begin();
    port.rules(Table.NAT, "KUBE-SERVICES").addFirst(SavedTables.UNTOLD);
    port.rules(Table.NAT, "KUBE-MARK-MASQ").set(0, SavedTables.UNTOLD);
    port.rules(Table.FILTER, "INPUT").addFirst(SavedTables.UNTOLD);
    assertThat(observeUnchanged()).isInstanceOf(Applied.class);
    // that of a chain of the table's own is somebody else's
    assertThat(port.rules(Table.FILTER, "INPUT").removeFirst()).isEqualTo(SavedTables.UNTOLD);
    assertInstalled();
  }

  @Test
  void aRefusedRuleNamesItsService() {
    putDns("10.2.0.1");
    begin();
    port.refuse(line -> line.contains("ns/web"), false);
    putWeb("10.1.0.1");
    assertThat(services(sync(false))).containsExactly(WEB);
    assertThat(sync(false, WEB)).isEqualTo(new Applied(0, 0));
    port.refuse(_ -> false, false);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void aRefusalWithoutALineIsSearchedFor() {
    for (int i = 0; i < 9; i++) {
      put("s" + i, "172.30.1." + i, Protocol.TCP, "10.3.0." + (i + 1));
    }
    port.refuse(line -> line.contains("ns/s4") || line.contains("ns/s7"), true);
    assertThat(services(sync(true))).containsExactly(Objects.key("ns/s4"), Objects.key("ns/s7"));
    // the others work meanwhile
    assertThat(port.rules(Table.NAT, "KUBE-SERVICES")).hasSize(8);
    port.refuse(_ -> false, false);
    assertThat(sync(true)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void aRefusalWithoutALineSaysNothingOfWhatIsInstalled() {
    begin();
    port.refuse(line -> line.contains("ns/web"), true);
    putWeb("10.1.0.1");
    assertThat(sync(false)).isEqualTo(new Indeterminate("it is not said what was refused: failed"));
    assertThat(services(sync(true))).containsExactly(WEB);
  }

  @Test
  void aRefusalOfNobodysRuleIsNobodys() {
    putWeb("10.1.0.1");
    port.refuse(line -> line.contains("KUBE-MARK-MASQ -j MARK"), false);
    assertThat(services(sync(true))).hasSize(1).containsOnlyNulls();
  }

  @Test
  void aRuleThatIsGoneIsAReasonToLook() {
    putWeb("10.1.0.1");
    begin();
    port.rules(Table.NAT, "KUBE-SERVICES").removeFirst();
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(Objects.service("ns/web").build()))));
    assertThat(sync(false)).isInstanceOf(Indeterminate.class);
    assertThat(sync(true)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void theLockIsReported() {
    begin();
    putWeb("10.1.0.1");
    port.lock(true);
    SyncOutcome outcome = sync(false);
    assertThat(outcome).isInstanceOf(Rejected.class);
    assertThat(outcome.toString()).contains("EAGAIN", "xtables lock");
    port.lock(false);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void aChainThatOthersUseIsEmptiedAndLeft() {
    putWeb("10.1.0.1");
    begin();
    String chain =
        port.chains(Table.NAT).keySet().stream()
            .filter(name -> name.startsWith("KUBE-SVC-"))
            .findFirst()
            .orElseThrow();
    port.chains(Table.NAT).put("FOREIGN", new ArrayList<>(List.of("-j " + chain)));
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(Objects.service("ns/web").build()))));
    assertThat(sync(false)).isInstanceOf(Indeterminate.class);
    assertThat(sync(true)).isInstanceOf(Applied.class);
    assertThat(port.rules(Table.NAT, chain)).isEmpty();
    port.chains(Table.NAT).remove("FOREIGN");
    observeUnchanged();
    assertInstalled();
  }

  /// Table filter is carried out before nat, where the chain is refused to be removed.
  @Test
  void aChainThatOthersUsedBeforeMakesNothingTwice() {
    port.chains(Table.NAT).put("KUBE-SVC-STALE", new ArrayList<>());
    port.chains(Table.NAT).put("FOREIGN", new ArrayList<>(List.of("-j KUBE-SVC-STALE")));
    putWeb("10.1.0.1");
    putDns();
    begin();
    for (Table table : Table.values()) {
      port.chains(table)
          .forEach((chain, rules) -> assertThat(rules).as(chain).doesNotHaveDuplicates());
    }
    assertThat(observeUnchanged()).as("nothing is wrong with it").isEqualTo(new Applied(0, 0));
    port.chains(Table.NAT).remove("FOREIGN");
    observeUnchanged();
    assertInstalled();
  }

  /// Not every rule can be given back as it is printed: a comment may hold the end of a line.
  @Test
  void aRuleThatCannotBeRemovedCostsItsChain() {
    putWeb("10.1.0.1");
    putDns();
    begin();
    String odd = "-d 9.9.9.9/32 -m comment --comment \"x";
    port.rules(Table.NAT, "KUBE-SERVICES").addFirst(odd);
    port.rules(Table.FILTER, "KUBE-SERVICES").addFirst(odd);
    port.chains(Table.NAT).put("KUBE-SVC-STALE", new ArrayList<>());
    port.chains(Table.NAT).put("FOREIGN", new ArrayList<>(List.of("-j KUBE-SVC-STALE")));
    port.refuse(line -> line.startsWith("-D") && line.contains("9.9.9.9"), false);
    assertThat(observeUnchanged()).isInstanceOf(Applied.class);
    port.chains(Table.NAT).remove("FOREIGN");
    observeUnchanged();
    assertInstalled();
  }

  /// As kube-proxy 1.17 leaves it for a Service with external policy Local.
  @Test
  void whatOldProxiesLeftIsInNobodysWay() {
    String before = port.dump();
    putWeb("10.1.0.1");
    begin();
    String endpoint =
        port.chains(Table.NAT).keySet().stream()
            .filter(name -> name.startsWith("KUBE-SEP-"))
            .findFirst()
            .orElseThrow();
    port.chains(Table.NAT).put("KUBE-XLB-OLD", new ArrayList<>(List.of("-j " + endpoint)));
    port.rules(Table.FILTER, "INPUT")
        .add(
            "-m conntrack --ctstate NEW -m comment --comment \"kubernetes service portals\""
                + " -j KUBE-SERVICES");
    dataplane = newDataplane(port);
    assertThat(observeUnchanged()).isInstanceOf(Applied.class);
    putWeb("10.1.0.2");
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertThat(port.chains(Table.NAT)).doesNotContainKeys("KUBE-XLB-OLD", endpoint);
    dataplane.cleanUp();
    port.rules(Table.FILTER, "INPUT").remove("-j KUBE-FIREWALL");
    port.rules(Table.FILTER, "OUTPUT").remove("-j KUBE-FIREWALL");
    port.chains(Table.FILTER).remove("KUBE-FIREWALL");
    assertThat(port.dump()).isEqualTo(before);
  }

  @Test
  void whoIsSetAsideGivesUpWhatOthersGot() {
    putWeb("10.1.0.1");
    putDns("10.2.0.1");
    begin();
    put("web", "172.30.0.9", Protocol.TCP, "10.1.0.1");
    put("other", "172.30.0.1", Protocol.TCP, "10.4.0.1");
    Set<ObjectKey> changed = Set.of(WEB, Objects.key("ns/other"));
    assertThat(
            dataplane.sync(
                new SyncRequest(planned.plan(), new PlanDelta(changed, false), false, Set.of(WEB))))
        .isInstanceOf(Applied.class);
    assertThat(port.rules(Table.NAT, "KUBE-SERVICES"))
        .anyMatch(rule -> rule.contains("172.30.0.1/32") && rule.contains("ns/other"))
        .noneMatch(rule -> rule.contains("ns/web"));
  }

  @Test
  void cleaningUpLeavesWhatIsNotOurs() {
    String before = port.dump();
    putWeb("10.1.0.1");
    begin();
    port.chains(Table.FILTER).put("KUBE-KUBELET-CANARY", new ArrayList<>());
    dataplane.cleanUp();
    port.chains(Table.FILTER).remove("KUBE-KUBELET-CANARY");
    port.chains(Table.FILTER).remove("KUBE-FIREWALL");
    port.chains(Table.FILTER).values().forEach(rules -> rules.remove("-j KUBE-FIREWALL"));
    assertThat(port.dump()).isEqualTo(before);
    dataplane.cleanUp();
  }
}
