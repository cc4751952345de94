package kubeproxy.plan;

import static kubeproxy.testing.Objects.key;
import static kubeproxy.testing.Objects.node;
import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.ready;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.serviceCidr;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Node;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import org.junit.jupiter.api.Test;

/// What an update recomputes, and what it reports.
class PlannerTest {
  private static final Service WEB =
      service("ns/web").clusterIp("172.30.0.1").port("http", 80).build();
  private static final Service OTHER =
      service("ns/other").clusterIp("172.30.0.2").port("http", 80).build();

  private static EndpointSlice pods(String... addresses) {
    return slice("ns/web").port("http", 80).endpoints(addresses).build();
  }

  @Test
  void theFirstUpdateDiffersInEverything() {
    PlanSteps steps = new PlanSteps();
    Planner.Step step = steps.put(WEB, OTHER);
    assertThat(step.delta()).isEqualTo(new PlanDelta(Set.of(WEB.key(), OTHER.key()), true));
  }

  @Test
  void anEndpointConcernsItsServiceOnly() {
    PlanSteps steps = new PlanSteps();
    NodePlan before = steps.put(WEB, OTHER).plan();
    Planner.Step step = steps.put(pods("10.0.0.1"));
    assertThat(step.delta()).isEqualTo(new PlanDelta(Set.of(WEB.key()), false));
    assertThat(step.plan().services().get(OTHER.key()))
        .isSameAs(before.services().get(OTHER.key()));
    assertThat(step.plan().settings()).isSameAs(before.settings());
  }

  @Test
  void whatMakesNoDifferenceToPacketsIsNoDifference() {
    PlanSteps steps = new PlanSteps();
    NodePlan before = steps.put(WEB, pods("10.0.0.1", "10.0.0.2")).plan();
    Planner.Step step =
        steps.put(
            pods("10.0.0.2", "10.0.0.1"),
            slice("ns/web", "more")
                .port("http", 80)
                .endpoint("10.0.0.9", ready().unready())
                .build(),
            slice("ns/orphan").port("http", 80).endpoints("10.0.0.1").build());
    assertThat(step.delta().isEmpty()).isTrue();
    assertThat(step.plan()).isEqualTo(before);
  }

  @Test
  void goneServicesAreInTheDelta() {
    PlanSteps steps = new PlanSteps();
    steps.put(WEB, OTHER);
    Planner.Step step = steps.remove(WEB);
    assertThat(step.delta().services()).containsExactly(WEB.key());
    assertThat(step.plan().services().get(WEB.key())).isNull();
  }

  @Test
  void aZoneConcernsAllServicesThatAreNotTheSameInIt() {
    PlanSteps steps = new PlanSteps();
    EndpointSlice hinted =
        slice("ns/web")
            .port("http", 80)
            .endpoint("10.0.0.1", ready().forZones("a"))
            .endpoint("10.0.0.2", ready().forZones("b"))
            .build();
    steps.put(WEB, OTHER, hinted, node(PlanFixture.NODE).zone("a").build());
    Planner.Step step = steps.put(node(PlanFixture.NODE).zone("b").build());
    assertThat(step.delta()).isEqualTo(new PlanDelta(Set.of(WEB.key()), false));
    assertThat(PlanFixture.frontends(step.plan()))
        .contains("ClusterIP 172.30.0.1:80 internal 10.0.0.2:80");
  }

  @Test
  void servicesMayGoTogetherWithAZone() {
    PlanSteps steps = new PlanSteps();
    Service unplanned = service("ns/bad").problem("spec.clusterIP").build();
    Node zoned = node(PlanFixture.NODE).zone("a").build();
    steps.put(WEB, unplanned, zoned);
    Planner.Step step = steps.remove(WEB, unplanned, zoned);
    assertThat(step.delta().services()).containsExactly(WEB.key());
    assertThat(step.plan()).isEqualTo(PlanFixture.plan());
  }

  @Test
  void otherNodesAndOtherTraitsOfOursDoNotMatter() {
    PlanSteps steps = new PlanSteps();
    steps.put(WEB, node(PlanFixture.NODE).zone("a").build());
    assertThat(steps.put(node("node2").zone("b").build()).delta().isEmpty()).isTrue();
    assertThat(steps.put(node(PlanFixture.NODE).zone("a").taint("t").build()).delta().isEmpty())
        .isTrue();
  }

  @Test
  void factsAndServiceCidrsConcernTheSettings() {
    PlanSteps steps = new PlanSteps();
    steps.put(WEB, node(PlanFixture.NODE).addresses("192.168.0.2").build());
    Planner.Step cidr = steps.put(serviceCidr("kubernetes", "172.30.0.0/16"));
    assertThat(cidr.delta()).isEqualTo(new PlanDelta(Set.of(), true));
    Planner.Step facts = steps.learn(new NodeFacts(List.of(IpAddress.of("192.168.1.2"))));
    assertThat(facts.delta()).isEqualTo(new PlanDelta(Set.of(), true));
    assertThat(facts.plan().settings().nodePortAddresses())
        .isEqualTo(new NodePortAddresses.Only(List.of()));
    assertThat(steps.learn(new NodeFacts(List.of(IpAddress.of("192.168.1.2")))).delta())
        .isEqualTo(PlanDelta.NONE);
  }

  @Test
  void problemsAreCollectedSortedAndForgotten() {
    PlanSteps steps = new PlanSteps();
    Service bad = service("ns/bad").problem("spec.ports[1]").problem("spec.clusterIPs[0]").build();
    Planner.Step step = steps.put(bad, slice("ns/bad").problem("endpoints[0]").build());
    assertThat(step.plan().problems().get(key("ns/bad")))
        .extracting(Problem::field)
        .containsExactly("endpoints[0]", "spec.clusterIPs[0]", "spec.ports[1]");
    assertThat(step.delta().services()).isEmpty();
    assertThat(steps.remove(bad).plan().problems().size()).isZero();
  }

  @Test
  void problemsOfTheOtherFamilyAndOfOtherProxiesAreNotOurs() {
    NodePlan plan =
        PlanFixture.plan(
            WEB,
            slice("ns/web").ipv6().problem("endpoints[0]").build(),
            service("ns/foreign").foreignProxy().problem("spec.ports").build());
    assertThat(plan.problems().size()).isZero();
  }

  @Test
  void familiesDoNotMix() {
    Service dual =
        service("ns/web").clusterIp("172.30.0.1").clusterIp("fd00:172::1").port("http", 80).build();
    EndpointSlice four = pods("10.0.0.1");
    EndpointSlice six =
        slice("ns/web", "six").ipv6().port("http", 80).endpoint("fd00:10::1", on("n2")).build();
    assertThat(PlanFixture.frontends(dual, four, six))
        .containsExactly("ClusterIP 172.30.0.1:80 internal 10.0.0.1:80");
    assertThat(
            PlanFixture.frontends(
                PlanFixture.plan(PlanFixture.config(IpFamily.IPV6), dual, four, six)))
        .containsExactly("ClusterIP [fd00:172::1]:80 internal [fd00:10::1]:80");
  }
}
