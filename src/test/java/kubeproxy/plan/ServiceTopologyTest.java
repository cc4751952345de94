package kubeproxy.plan;

import static kubeproxy.testing.Objects.node;
import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.ready;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import kubeproxy.model.IpFamily;
import kubeproxy.model.Label;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceType;
import kubeproxy.testing.EndpointTraits;
import kubeproxy.testing.NodeBuilder;
import kubeproxy.testing.ServiceBuilder;
import kubeproxy.testing.SliceBuilder;
import org.junit.jupiter.api.Test;

/// `spec.topologyKeys`, and the feature gates of old releases that the planner obeys.
class ServiceTopologyTest {
  private static final String REGION = "topology.kubernetes.io/region";
  private static final PlanConfig ON = PlanFixture.withGates(IpFamily.IPV4, true, true);
  private static final PlanConfig OFF = PlanFixture.withGates(IpFamily.IPV4, true, false);

  private static NodeBuilder here() {
    return node(PlanFixture.NODE)
        .zone("a")
        .label(REGION, "north")
        .label(Label.HOSTNAME, PlanFixture.NODE);
  }

  private static EndpointTraits in(String zone, String region) {
    return ready().topology(Label.ZONE, zone).topology(REGION, region);
  }

  /// Here; in our zone; in our region; far away.
  private static SliceBuilder endpoints() {
    return slice("ns/svc")
        .port("p", 80)
        .endpoint("10.0.0.1", in("a", "north").on(PlanFixture.NODE))
        .endpoint("10.0.0.2", in("a", "north").on("node2"))
        .endpoint("10.0.0.3", in("b", "north").on("node3"))
        .endpoint("10.0.0.4", in("c", "south").on("node4"));
  }

  private static ServiceBuilder svc(String... keys) {
    return service("ns/svc").clusterIp("172.30.0.1").port("p", 80).topologyKeys(keys);
  }

  private static String used(NodePlan plan) {
    return PlanFixture.frontends(plan).getFirst();
  }

  private static String used(NodeBuilder node, SliceBuilder slice, String... keys) {
    return used(PlanFixture.plan(ON, node.build(), svc(keys).build(), slice.build()));
  }

  private static String all() {
    return used(PlanFixture.plan(OFF, here().build(), svc().build(), endpoints().build()));
  }

  @Test
  void keysChooseByTheLabelsOfTheNode() {
    assertThat(used(here(), endpoints(), Label.HOSTNAME))
        .contains("10.0.0.1:80")
        .doesNotContain("10.0.0.2", "10.0.0.3", "10.0.0.4");
    assertThat(used(here(), endpoints(), Label.ZONE))
        .contains("10.0.0.1:80", "10.0.0.2:80")
        .doesNotContain("10.0.0.3", "10.0.0.4");
    assertThat(used(here(), endpoints(), REGION))
        .contains("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80")
        .doesNotContain("10.0.0.4");
  }

  @Test
  void theFirstKeyWithEndpointsDecides() {
    SliceBuilder elsewhere =
        slice("ns/svc")
            .port("p", 80)
            .endpoint("10.0.0.3", in("b", "north").on("node3"))
            .endpoint("10.0.0.4", in("c", "south").on("node4"));
    assertThat(used(here(), elsewhere, Label.HOSTNAME, Label.ZONE, REGION, "*"))
        .contains("10.0.0.3:80")
        .doesNotContain("10.0.0.4");
    assertThat(used(here(), elsewhere, "unknown", "*")).contains("10.0.0.3:80", "10.0.0.4:80");
  }

  @Test
  void noMatchMeansNoEndpoint() {
    NodeBuilder farAway = node(PlanFixture.NODE).zone("z");
    assertThat(used(farAway, endpoints(), Label.ZONE, REGION)).contains("reject");
  }

  @Test
  void aNodeWithoutLabelsMatchesOnlyTheStar() {
    NodeBuilder bare = node(PlanFixture.NODE);
    assertThat(used(bare, endpoints(), Label.HOSTNAME)).contains("reject");
    assertThat(used(bare, endpoints(), Label.HOSTNAME, "*")).isEqualTo(all());
  }

  @Test
  void endpointsThatCannotBeUsedDoNotCount() {
    SliceBuilder slice =
        slice("ns/svc")
            .port("p", 80)
            .endpoint("10.0.0.1", on(PlanFixture.NODE).unready())
            .endpoint("10.0.0.4", in("c", "south").on("node4"));
    assertThat(used(here(), slice, Label.HOSTNAME, "*"))
        .contains("10.0.0.4:80")
        .doesNotContain("10.0.0.1");
    SliceBuilder terminating =
        slice("ns/svc")
            .port("p", 80)
            .endpoint("10.0.0.1", on(PlanFixture.NODE).terminating())
            .endpoint("10.0.0.4", in("c", "south").on("node4").terminating());
    assertThat(used(here(), terminating, Label.HOSTNAME, "*"))
        .contains("10.0.0.1:80")
        .doesNotContain("10.0.0.4");
  }

  @Test
  void withoutKeysOrWithTheGateOffAllAreUsed() {
    assertThat(used(here(), endpoints())).isEqualTo(all());
    NodePlan off =
        PlanFixture.plan(OFF, here().build(), svc(Label.HOSTNAME).build(), endpoints().build());
    assertThat(used(off)).isEqualTo(all());
  }

  @Test
  void keysDoNotCountWithAnExternalPolicyOfLocal() {
    Service local = svc("unknown").type(ServiceType.NODE_PORT).externalLocal().build();
    NodePlan plan = PlanFixture.plan(ON, here().build(), local, endpoints().build());
    assertThat(used(plan)).isEqualTo(all());
  }

  @Test
  void aChangedLabelOfTheNodeIsFollowed() {
    PlanSteps steps = new PlanSteps(ON);
    SliceBuilder racked =
        slice("ns/svc").port("p", 80).endpoint("10.0.0.9", ready().topology("rack", "r1"));
    Planner.Step before = steps.put(here().build(), svc("rack").build(), racked.build());
    assertThat(used(before.plan())).contains("reject");
    Planner.Step after = steps.put(here().label("rack", "r1").build());
    assertThat(used(after.plan())).contains("10.0.0.9:80");
  }

  @Test
  void portsOfSctpAreLeftOutWithoutTheGate() {
    PlanConfig off = PlanFixture.withGates(IpFamily.IPV4, false, false);
    Service both =
        service("ns/svc")
            .clusterIp("172.30.0.1")
            .port("p", 80)
            .port("s", Protocol.SCTP, 81)
            .build();
    NodePlan plan = PlanFixture.plan(off, both, endpoints().build());
    assertThat(PlanFixture.frontends(plan))
        .hasSize(1)
        .first()
        .asString()
        .contains("172.30.0.1:80 ");
    assertThat(PlanFixture.text(plan))
        .contains("spec.ports[1].protocol", "UNSUPPORTED", "SCTPSupport is off");
    Service only = service("ns/svc").clusterIp("172.30.0.1").port("s", Protocol.SCTP, 81).build();
    assertThat(PlanFixture.plan(off, only).services().sortedKeys()).isEmpty();
    assertThat(PlanFixture.frontends(both)).hasSize(2);
  }
}
