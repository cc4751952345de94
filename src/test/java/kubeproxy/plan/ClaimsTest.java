package kubeproxy.plan;

import static kubeproxy.testing.Objects.key;
import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceType;
import kubeproxy.testing.ServiceBuilder;
import org.junit.jupiter.api.Test;

/// Who gets what several Services claim, and who takes over.
class ClaimsTest {
  private static final ObjectKey A = key("ns/a");
  private static final ObjectKey B = key("ns/b");

  private static ServiceBuilder named(String name, int number) {
    return service("ns/" + name).clusterIp("172.30.0." + number).port("p", 80);
  }

  private static List<String> frontendsOf(NodePlan plan, ObjectKey service) {
    PlannedService planned = plan.services().get(service);
    return planned == null
        ? List.of()
        : planned.ports().stream()
            .flatMap(port -> port.frontends().stream())
            .map(frontend -> frontend.kind().label() + " " + frontend.port())
            .toList();
  }

  private static List<Problem> problemsOf(NodePlan plan, ObjectKey service) {
    List<Problem> problems = plan.problems().get(service);
    return problems == null ? List.of() : problems;
  }

  @Test
  void nobodyTakesAClusterIpByDeclaringItExternal() {
    Service older = named("a", 1).created(1).externalIps("172.30.0.2").build();
    Service younger = named("b", 2).created(2).build();
    NodePlan plan = PlanFixture.plan(older, younger);
    assertThat(frontendsOf(plan, A)).containsExactly("ClusterIP 80");
    assertThat(frontendsOf(plan, B)).containsExactly("ClusterIP 80");
    assertThat(problemsOf(plan, A))
        .containsExactly(
            new Problem(
                "Service",
                A,
                "spec.externalIPs",
                "172.30.0.2:80/TCP",
                Problem.Reason.ADDRESS_CONFLICT,
                "belongs to ns/b:p (ClusterIP); not served for ns/a:p"));
    assertThat(problemsOf(plan, B)).isEmpty();
  }

  @Test
  void loadBalancerAddressesComeBeforeExternalIps() {
    Service external = named("a", 1).created(1).externalIps("1.2.3.4").build();
    Service balanced = named("b", 2).created(2).loadBalancerIps("1.2.3.4").build();
    NodePlan plan = PlanFixture.plan(external, balanced);
    assertThat(frontendsOf(plan, A)).containsExactly("ClusterIP 80");
    assertThat(frontendsOf(plan, B)).containsExactly("ClusterIP 80", "LoadBalancer 80");
  }

  @Test
  void theOlderServiceWinsThenTheLesserKey() {
    Service a = named("a", 1).created(5).externalIps("9.9.9.9").build();
    Service older = named("b", 2).created(4).externalIps("9.9.9.9").build();
    Service same = named("b", 2).created(5).externalIps("9.9.9.9").build();
    assertThat(frontendsOf(PlanFixture.plan(a, older), B)).contains("ExternalIP 80");
    assertThat(frontendsOf(PlanFixture.plan(a, older), A)).doesNotContain("ExternalIP 80");
    assertThat(frontendsOf(PlanFixture.plan(a, same), A)).contains("ExternalIP 80");
    assertThat(frontendsOf(PlanFixture.plan(a, same), B)).doesNotContain("ExternalIP 80");
  }

  @Test
  void anUnknownCreationCountsAsTheNewest() {
    Service unknown = named("a", 1).created(0).externalIps("9.9.9.9").build();
    Service known = named("b", 2).created(1_800_000_000_000L).externalIps("9.9.9.9").build();
    assertThat(frontendsOf(PlanFixture.plan(unknown, known), B)).contains("ExternalIP 80");
  }

  @Test
  void otherPortsAndProtocolsAreNoConflict() {
    Service a = named("a", 1).externalIps("9.9.9.9").build();
    Service b =
        service("ns/b")
            .clusterIp("172.30.0.2")
            .port("u", Protocol.UDP, 80)
            .port("t", 81)
            .externalIps("9.9.9.9")
            .build();
    NodePlan plan = PlanFixture.plan(a, b);
    assertThat(plan.problems().size()).isZero();
    assertThat(frontendsOf(plan, B)).hasSize(4);
  }

  @Test
  void nodePortsAreContestedByProtocol() {
    Service a = named("a", 1).port("n", Protocol.TCP, 81, 30000).build();
    Service b =
        named("b", 2).port("n", Protocol.TCP, 81, 30000).port("n", Protocol.UDP, 81, 30000).build();
    NodePlan plan = PlanFixture.plan(a, b);
    assertThat(frontendsOf(plan, A)).contains("NodePort 30000");
    assertThat(PlanFixture.service(plan, B).ports().get(1).frontends()).hasSize(1);
    assertThat(PlanFixture.service(plan, B).ports().get(2).frontends()).hasSize(2);
    assertThat(problemsOf(plan, B))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.reason()).isEqualTo(Problem.Reason.NODE_PORT_CONFLICT);
          assertThat(problem.field()).isEqualTo("spec.ports[1].nodePort");
          assertThat(problem.value()).isEqualTo("30000/TCP");
          assertThat(problem.message()).contains("ns/a:n (NodePort)");
        });
  }

  @Test
  void twoPortsOfOneServiceMayContestToo() {
    Service service =
        service("ns/a").clusterIp("172.30.0.1").port("first", 80).port("second", 80).build();
    NodePlan plan = PlanFixture.plan(service);
    assertThat(PlanFixture.service(plan, A).ports().get(0).frontends()).hasSize(1);
    assertThat(PlanFixture.service(plan, A).ports().get(1).frontends()).isEmpty();
    assertThat(problemsOf(plan, A))
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("belongs to ns/a:first (ClusterIP); not served for ns/a:second");
  }

  @Test
  void healthPortsHaveOneOwner() {
    Service a = healthy("a", 1);
    Service b = healthy("b", 2);
    NodePlan plan = PlanFixture.plan(a, b);
    assertThat(PlanFixture.service(plan, A).healthCheckNodePort()).isEqualTo(31000);
    assertThat(PlanFixture.service(plan, B).healthCheckNodePort()).isZero();
    assertThat(problemsOf(plan, B))
        .extracting(Problem::reason)
        .containsExactly(Problem.Reason.HEALTH_PORT_CONFLICT);
  }

  private static Service healthy(String name, int number) {
    return named(name, number)
        .type(ServiceType.LOAD_BALANCER)
        .externalLocal()
        .healthCheckNodePort(31000)
        .build();
  }

  @Test
  void clusterIpsAndHairpinsAreSharedInSilence() {
    Service a = service("ns/a").clusterIp("172.30.0.1").port("p", 80).build();
    Service b = service("ns/b").clusterIp("172.30.0.1").port("p", 81).build();
    NodePlan plan =
        PlanFixture.plan(
            a,
            b,
            slice("ns/a").port("p", 80).endpoint("10.0.0.1", on(PlanFixture.NODE)).build(),
            slice("ns/b").port("p", 80).endpoint("10.0.0.1", on(PlanFixture.NODE)).build());
    assertThat(plan.problems().size()).isZero();
    assertThat(PlanFixture.service(plan, A).ownedClusterIps()).hasSize(1);
    assertThat(PlanFixture.service(plan, B).ownedClusterIps()).isEmpty();
    assertThat(PlanFixture.service(plan, A).ports().getFirst().hairpins()).hasSize(1);
    assertThat(PlanFixture.service(plan, B).ports().getFirst().hairpins()).isEmpty();
  }

  @Test
  void theNextClaimantTakesOverInTheSameUpdate() {
    Service first = named("a", 1).created(1).externalIps("9.9.9.9").build();
    Service second = named("b", 2).created(2).externalIps("9.9.9.9").build();
    Service third = named("c", 3).created(3).externalIps("9.9.9.9").build();
    PlanSteps steps = new PlanSteps();
    steps.put(first, second, third);

    Planner.Step without = steps.remove(first);

    assertThat(without.delta().services()).isEqualTo(Set.of(A, B));
    assertThat(frontendsOf(without.plan(), B)).contains("ExternalIP 80");
    assertThat(problemsOf(without.plan(), B)).isEmpty();
    assertThat(problemsOf(without.plan(), key("ns/c")))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("belongs to ns/b:p");

    Planner.Step back = steps.put(first);

    assertThat(back.delta().services()).isEqualTo(Set.of(A, B));
    assertThat(frontendsOf(back.plan(), B)).containsExactly("ClusterIP 80");
  }

  @Test
  void aNewcomerTakesWhatItHasTheBetterClaimTo() {
    Service external = named("a", 1).created(1).externalIps("172.30.0.2").build();
    PlanSteps steps = new PlanSteps();
    Planner.Step alone = steps.put(external);
    assertThat(frontendsOf(alone.plan(), A)).contains("ExternalIP 80");

    Planner.Step contested = steps.put(named("b", 2).created(2).build());

    assertThat(contested.delta().services()).isEqualTo(Set.of(A, B));
    assertThat(frontendsOf(contested.plan(), A)).containsExactly("ClusterIP 80");
  }

  @Test
  void hairpinsPassToTheNextOwner() {
    PlanSteps steps = new PlanSteps();
    steps.put(
        named("a", 1).build(),
        named("b", 2).build(),
        slice("ns/a").port("p", 80).endpoint("10.0.0.1", on(PlanFixture.NODE)).build(),
        slice("ns/b").port("p", 80).endpoint("10.0.0.1", on(PlanFixture.NODE)).build());

    Planner.Step step = steps.remove(slice("ns/a").build());

    assertThat(step.delta().services()).isEqualTo(Set.of(A, B));
    assertThat(PlanFixture.service(step.plan(), B).ports().getFirst().hairpins()).hasSize(1);
  }
}
