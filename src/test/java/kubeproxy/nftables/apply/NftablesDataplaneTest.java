package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncOutcome.Indeterminate;
import kubeproxy.dataplane.SyncOutcome.Rejected;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Statement;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeNftables.Fault;
import kubeproxy.testing.Objects;
import kubeproxy.testing.RandomPlan;
import org.junit.jupiter.api.Test;

class NftablesDataplaneTest extends DataplaneFixture {

  @Test
  void appliesAndCounts() {
    putWeb(2);
    begin();
    assertInstalled();
    putDns();
    // cluster IP, the verdict and a slot; the shape chain, its rules
    assertThat(sync(false)).isEqualTo(new Applied(5, 0));
    assertInstalled();
    assertThat(sync(false, DNS)).isEqualTo(new Applied(0, 0));
    assertThat(dataplane.objectCounts())
        .containsEntry("table", 1)
        .containsEntry("map", NamedSet.values().length)
        .containsEntry("chain", port.chains().size())
        .containsEntry(
            "element",
            List.of(NamedSet.values()).stream().mapToInt(s -> port.elements(s).size()).sum());
  }

  @Test
  void aRefusalNamesItsService() {
    begin();
    String before = port.dump();
    putWeb(1);
    port.refuse(WEB);
    assertThat(sync(false))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.refusals())
                    .isNotEmpty()
                    .allSatisfy(refusal -> {
                      assertThat(refusal.service()).isEqualTo(WEB);
                      assertThat(refusal.error()).isEqualTo("EINVAL");
                      assertThat(refusal.operation()).startsWith("add element ip kube-proxy ");
                    }));
    assertThat(port.dump()).isEqualTo(before);
  }

  @Test
  void whatWasRefusedCanBeSetAsideAndTheRestApplied() {
    putWeb(1);
    begin();
    String webOnly = port.content();
    putWeb(2);
    PlanDelta web = planned.delta();
    putDns();
    PlanDelta both = new PlanDelta(Set.of(WEB, DNS), false);
    assertThat(web.services()).containsExactly(WEB);
    assertThat(dataplane.sync(new SyncRequest(planned.plan(), both, false, Set.of(WEB))))
        .isInstanceOf(Applied.class);
    assertThat(port.elements(NamedSet.SERVICE_ENDPOINTS)).hasSize(2);
    // looking again leaves it as it is
    assertThat(dataplane.sync(new SyncRequest(planned.plan(), web, true, Set.of(WEB))))
        .isEqualTo(new Applied(0, 0));
    assertThat(port.content()).isNotEqualTo(webOnly);
    assertThat(dataplane.sync(new SyncRequest(planned.plan(), web, false, Set.of())))
        .isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void aServiceSetAsideThatIsGoneStaysUntilItIsNot() {
    putWeb(1);
    begin();
    String before = port.content();
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(Objects.service("ns/web").build()))));
    PlanDelta gone = new PlanDelta(Set.of(WEB), false);
    dataplane.sync(new SyncRequest(planned.plan(), gone, true, Set.of(WEB)));
    assertThat(port.content()).isEqualTo(before);
    dataplane.sync(new SyncRequest(planned.plan(), gone, false, Set.of()));
    assertInstalled();
  }

  /// A Service set aside has no claim on what the plan has given to another.
  @Test
  void whatAServiceSetAsideStillHasGoesToWhoOwnsItNow() {
    putWeb(1);
    begin();
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(Objects.service("ns/web").build()))));
    put(
        Objects.service("ns/a").clusterIp("172.30.0.1").port("", 80).build(),
        Objects.slice("ns/a").port("", 8080).endpoints("10.1.0.7", "10.1.0.8").build());
    ObjectKey heir = Objects.key("ns/a");
    for (boolean observe : List.of(false, true)) {
      PlanDelta delta = new PlanDelta(Set.of(heir), false);
      assertThat(dataplane.sync(new SyncRequest(planned.plan(), delta, observe, Set.of(WEB))))
          .isInstanceOf(Applied.class);
      assertThat(port.elements(NamedSet.CLUSTER_IPS)).hasSize(1);
      assertThat(port.elements(NamedSet.SERVICE_ENDPOINTS)).hasSize(2);
      // nobody else wants the node port
      assertThat(port.elements(NamedSet.NODEPORT_ENDPOINTS)).hasSize(1);
    }
    PlanDelta web = new PlanDelta(Set.of(WEB), false);
    dataplane.sync(new SyncRequest(planned.plan(), web, false, Set.of()));
    assertInstalled();
  }

  @Test
  void anUnknownOutcomeIsToldAndOverWithALook() {
    begin();
    int endpoints = 1;
    for (Fault fault : List.of(Fault.UNKNOWN_BEFORE, Fault.UNKNOWN_AFTER)) {
      putWeb(endpoints++);
      port.setFaults(commit -> commit == 1 ? fault : Fault.NONE);
      assertThat(sync(false)).isInstanceOf(Indeterminate.class);
      putWeb(4 + endpoints);
      assertThat(sync(true))
          .isInstanceOfSatisfying(
              Applied.class, applied -> assertThat(applied.repaired()).isZero());
      assertInstalled();
    }
  }

  @Test
  void aTransactionRefusedWithoutReasonChangesNothing() {
    begin();
    putWeb(1);
    port.setFaults(commit -> commit == 1 ? Fault.REFUSE : Fault.NONE);
    assertThat(sync(false)).isInstanceOf(Rejected.class);
    assertThat(sync(false)).isInstanceOf(Applied.class);
    assertInstalled();
  }

  @Test
  void whatContradictsBeliefIsAReasonToLook() {
    putWeb(2);
    begin();
    port.lose(NamedSet.SERVICE_ENDPOINTS, port.elements(NamedSet.SERVICE_ENDPOINTS).get(1).key());
    putWeb(1);
    assertThat(sync(false))
        .isInstanceOfSatisfying(
            Indeterminate.class,
            outcome ->
                assertThat(outcome.reason())
                    .contains("delete element ip kube-proxy service-endpoints")
                    .contains("ENOENT"));
    assertThat(sync(true))
        .isInstanceOfSatisfying(
            Applied.class,
            a -> {
              assertThat(a.repaired()).isEqualTo(1);
            });
    assertInstalled();
  }

  @Test
  void aLookThatFailsIsIndeterminate() {
    putWeb(1);
    port.setUnreadable(true);
    assertThat(sync(true)).isInstanceOf(Indeterminate.class);
    assertThat(port.exists()).isFalse();
    port.setUnreadable(false);
    begin();
    assertInstalled();
  }

  @Test
  void contradictionAfterALookIsARefusal() {
    RefusingPort stubborn = new RefusingPort(port);
    NftablesDataplane other = new NftablesDataplane(stubborn, IpFamily.IPV4, Compiled.MARK);
    putWeb(1);
    assertThat(observe(other))
        .isEqualTo(
            new Rejected(List.of(new Refusal(null, "add table ip kube-proxy", "EEXIST", "why"))));
  }

  /// A kernel that contradicts itself.
  private record RefusingPort(NftablesPort port) implements NftablesPort {

    @Override
    public Observed observe() throws IOException {
      return port.observe();
    }

    @Override
    public CommitResult commit(Transaction transaction) {
      return new CommitResult.Refused(
          List.of(
              new RefusedOperation(transaction.operations().getFirst(), "EEXIST", true, "why")));
    }

    @Override
    public List<Element> learned(NamedSet set) throws IOException {
      return port.learned(set);
    }

    @Override
    public void forget(List<Element> elements) throws IOException {
      port.forget(elements);
    }

    @Override
    public void close() {}
  }

  @Test
  void aRestartChangesNothing() {
    RandomPlan random = new RandomPlan(IpFamily.IPV4, new Random(3), 9);
    random.step();
    for (int i = 0; i < 20; i++) {
      PlanDelta delta = i == 0 ? PlanDelta.NONE : random.step();
      dataplane.sync(new SyncRequest(random.plan(), delta, i == 0, Set.of()));
    }
    dataplane.sync(new SyncRequest(random.plan(), PlanDelta.NONE, true, Set.of()));
    String before = port.dump();
    dataplane = newDataplane();
    assertThat(dataplane.sync(new SyncRequest(random.plan(), PlanDelta.NONE, true, Set.of())))
        .isEqualTo(new Applied(0, 0));
    assertThat(port.dump()).isEqualTo(before);
  }

  @Test
  void aForeignTableIsReplaced() {
    putWeb(1);
    begin();
    port.gainSet("something");
    dataplane = newDataplane();
    begin();
    assertThat(port.committed().getLast().operations().getFirst())
        .isEqualTo(new Operation.DeleteTable());
    assertInstalled();
    assertThat(observeUnchanged()).isEqualTo(new Applied(0, 0));
  }

  @Test
  void chainsThatNothingLeadsToAreSweptWithALook() {
    putWeb(3);
    begin();
    assertThat(port.chains()).contains("service-endpoints-4", "nodeport-endpoints-4");
    putWeb(2);
    sync(false);
    assertThat(port.chains()).contains("service-endpoints-4", "service-endpoints-2");
    observeUnchanged();
    assertThat(port.chains())
        .doesNotContain("service-endpoints-4", "nodeport-external-4")
        .contains("service-endpoints-2", "nodeport-external-2");
    putWeb(4);
    sync(false);
    assertInstalled();
  }

  @Test
  void aSweepThatFailsIsTriedAgain() {
    putWeb(3);
    begin();
    putWeb(2);
    sync(false);
    port.gainChain("extra");
    port.setFaults(_ -> Fault.REFUSE);
    assertThat(observeUnchanged()).isInstanceOf(Applied.class);
    assertThat(port.chains()).contains("service-endpoints-4", "extra");
    port.setFaults(_ -> Fault.NONE);
    observeUnchanged();
    assertThat(port.chains()).doesNotContain("service-endpoints-4", "extra");
  }

  @Test
  void repairsAreWhatOthersDidAndNothingElse() {
    putWeb(1);
    begin();
    assertThat(observeUnchanged()).isEqualTo(new Applied(0, 0));
    port.lose(NamedSet.CLUSTER_IPS, port.elements(NamedSet.CLUSTER_IPS).getFirst().key());
    assertThat(observeUnchanged()).isEqualTo(new Applied(1, 1));
    port.gain(element(NamedSet.CLUSTER_IPS, "0a0a0a0a"));
    // a new Service needs a new chain: that is nobody else's doing
    putWeb(5);
    assertThat(sync(true))
        .isInstanceOfSatisfying(
            Applied.class,
            applied -> {
              assertThat(applied.operations()).isGreaterThan(5);
              assertThat(applied.repaired()).isEqualTo(1);
            });
    apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(Objects.service("ns/web").build()))));
    assertThat(sync(true))
        .isInstanceOfSatisfying(Applied.class, a -> assertThat(a.repaired()).isZero());
    port.flush("services");
    port.gainRule("masquerading", Rule.of(new Statement.Drop()));
    // each is flushed and filled
    assertThat(observeUnchanged()).isEqualTo(new Applied(4, 4));
    assertInstalled();
  }

  @Test
  void settingsAreChangedWithoutALook() {
    putWeb(1);
    begin();
    facts = new NodeFacts(List.of(IpAddress.of("192.0.2.2"), IpAddress.of("192.0.2.3")));
    planned = planner.update(snapshot, facts, ClusterChange.NONE);
    assertThat(sync(false)).isEqualTo(new Applied(3, 0));
    assertInstalled();
  }

  @Test
  void cleanUpRemovesTheTableIfThereIsOne() {
    dataplane.cleanUp();
    begin();
    dataplane.cleanUp();
    assertThat(port.exists()).isFalse();
  }
}
