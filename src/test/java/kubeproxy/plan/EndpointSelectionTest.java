package kubeproxy.plan;

import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.ready;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServicePort;
import kubeproxy.testing.EndpointTraits;
import kubeproxy.testing.SliceBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Readiness, topology hints and traffic policies, case by case. Endpoints are numbered from 1 in
/// the order given.
class EndpointSelectionTest {
  private static final ServicePort PORT = new ServicePort("p", Protocol.TCP, 80, 0);
  private static final String HERE = PlanFixture.NODE;

  private static final TrafficPolicies CLUSTER_IP = new TrafficPolicies(false, false, false);
  private static final TrafficPolicies EXTERNAL = new TrafficPolicies(false, false, true);
  private static final TrafficPolicies EXTERNAL_LOCAL = new TrafficPolicies(false, true, true);
  private static final TrafficPolicies INTERNAL_LOCAL = new TrafficPolicies(true, false, false);
  private static final TrafficPolicies INTERNAL_LOCAL_EXTERNAL =
      new TrafficPolicies(true, false, true);
  private static final TrafficPolicies BOTH_LOCAL = new TrafficPolicies(true, true, true);

  private record Case(
      String name,
      @Nullable String zone,
      TrafficPolicies policies,
      String expected,
      List<EndpointTraits> endpoints) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case given(
      String name,
      @Nullable String zone,
      TrafficPolicies policies,
      String expected,
      EndpointTraits... endpoints) {
    return new Case(name, zone, policies, expected, List.of(endpoints));
  }

  static Stream<Case> topology() {
    return Stream.of(
        given(
            "all hinted for zones",
            "a",
            CLUSTER_IP,
            "cluster 1,3 local - all 1,3 any",
            ready().forZones("a"),
            ready().forZones("b"),
            ready().forZones("a")),
        given(
            "an external policy of Local ignores zones for the local list",
            "a",
            EXTERNAL_LOCAL,
            "cluster 1,3 local 1,2 all 1,2,3 any",
            on(HERE).forZones("a"),
            on(HERE).forZones("b"),
            on("n2").forZones("a")),
        given(
            "an internal policy of Local ignores zones",
            "a",
            INTERNAL_LOCAL,
            "cluster - local 1,2 all 1,2 any",
            on(HERE).forZones("a"),
            on(HERE).forZones("b"),
            on("n2").forZones("a")),
        given(
            "a node without zone",
            null,
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().forZones("a"),
            ready().forZones("b")),
        given(
            "a node with an empty zone",
            "",
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().forZones("a"),
            ready().forZones("")),
        given(
            "a zone without endpoints",
            "c",
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().forZones("a"),
            ready().forZones("b")),
        given(
            "an unready endpoint in the zone",
            "a",
            CLUSTER_IP,
            "cluster 1 local - all 1 any",
            ready().forZones("a"),
            ready().forZones("a").unready(),
            ready().forZones("b")),
        given(
            "only unready endpoints in the zone",
            "a",
            CLUSTER_IP,
            "cluster 2,3 local - all 2,3 any",
            ready().forZones("a").unready(),
            ready().forZones("b"),
            ready().forZones("b")),
        given(
            "an unready endpoint without hints does not matter",
            "a",
            CLUSTER_IP,
            "cluster 2 local - all 2 any",
            ready().unready(),
            ready().forZones("a"),
            ready().forZones("b")),
        given(
            "one endpoint lacks zone hints",
            "a",
            CLUSTER_IP,
            "cluster 1,2,3 local - all 1,2,3 any",
            ready().forZones("a"),
            ready(),
            ready().forZones("b")),
        given(
            "several zones for an endpoint",
            "a",
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().forZones("a", "b"),
            ready().forZones("b", "a"),
            ready().forZones("b")),
        given(
            "zones without any node hints",
            "a",
            CLUSTER_IP,
            "cluster 1 local - all 1 any",
            ready().forZones("a"),
            ready().forZones("b")),
        given(
            "node hints before zone hints",
            "a",
            CLUSTER_IP,
            "cluster 2 local - all 2 any",
            ready().forZones("a").forNodes("n2"),
            ready().forZones("b").forNodes(HERE)),
        given(
            "incomplete node hints and incomplete zone hints",
            "a",
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().forZones("a").forNodes(HERE),
            ready()),
        given(
            "incomplete node hints and complete zone hints",
            "a",
            CLUSTER_IP,
            "cluster 1 local - all 1 any",
            ready().forZones("a").forNodes(HERE),
            ready().forZones("b")),
        given(
            "no endpoint for the node",
            "a",
            CLUSTER_IP,
            "cluster 1 local - all 1 any",
            ready().forZones("a").forNodes("n2"),
            ready().forZones("b").forNodes("n3")),
        given(
            "an endpoint here that is meant for another zone",
            "a",
            EXTERNAL_LOCAL,
            "cluster 2 local 1 all 1,2 any",
            on(HERE).forZones("b"),
            on("n2").forZones("a")));
  }

  static Stream<Case> policies() {
    return Stream.of(
        given("nothing", null, CLUSTER_IP, "cluster - local - all - none"),
        given("nothing, both Local", null, BOTH_LOCAL, "cluster - local - all - none"),
        given("nothing, internal Local", null, INTERNAL_LOCAL, "cluster - local - all - none"),
        given(
            "internal Local, all elsewhere",
            null,
            INTERNAL_LOCAL,
            "cluster - local - all - any",
            on("n2"),
            on("n3")),
        given(
            "internal Local, all here",
            null,
            INTERNAL_LOCAL,
            "cluster - local 1,2 all 1,2 any",
            on(HERE),
            on(HERE)),
        given(
            "internal Local, some here",
            null,
            INTERNAL_LOCAL,
            "cluster - local 1 all 1 any",
            on(HERE),
            on("n2")),
        given(
            "none ready",
            null,
            CLUSTER_IP,
            "cluster - local - all - none",
            ready().unready(),
            ready().unready()),
        given(
            "some ready",
            null,
            CLUSTER_IP,
            "cluster 1 local - all 1 any",
            ready(),
            ready().unready()),
        given(
            "all terminating but serving",
            null,
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().terminating(),
            ready().terminating()),
        given(
            "terminating ones stand back for a ready one",
            null,
            CLUSTER_IP,
            "cluster 2 local - all 2 any",
            ready().terminating(),
            ready()),
        given(
            "topology does not matter for terminating ones",
            "a",
            CLUSTER_IP,
            "cluster 1,2 local - all 1,2 any",
            ready().terminating().forZones("a"),
            ready().terminating().forZones("b")),
        given(
            "internal Local with external addresses",
            null,
            INTERNAL_LOCAL_EXTERNAL,
            "cluster 1,2 local 1 all 1,2 any",
            on(HERE),
            on("n2")),
        given(
            "external Local",
            null,
            EXTERNAL_LOCAL,
            "cluster 1,2 local 1 all 1,2 any",
            on(HERE),
            on("n2")),
        given(
            "both Local", null, BOTH_LOCAL, "cluster 1,2 local 1 all 1,2 any", on(HERE), on("n2")),
        given(
            "both Local, all elsewhere",
            null,
            BOTH_LOCAL,
            "cluster 1,2 local - all 1,2 any",
            on("n2"),
            on("n3")),
        given(
            "both Local, a terminating one elsewhere",
            null,
            BOTH_LOCAL,
            "cluster 1 local - all 1 any",
            on("n2").terminating()),
        given(
            "external Local falls back while others are ready",
            null,
            EXTERNAL_LOCAL,
            "cluster 2 local 1 all 1,2 any",
            on(HERE).terminating(),
            on("n2")),
        given(
            "external Local without effect",
            null,
            new TrafficPolicies(false, true, false),
            "cluster 1,2 local - all 1,2 any",
            on(HERE),
            on("n2")),
        given(
            "external Cluster",
            null,
            EXTERNAL,
            "cluster 1,2 local - all 1,2 any",
            on(HERE),
            on("n2")),
        given(
            "internal Local, terminating here",
            null,
            INTERNAL_LOCAL,
            "cluster - local 1 all 1 any",
            on(HERE).terminating(),
            on("n2")),
        given(
            "internal Local, gone here",
            null,
            INTERNAL_LOCAL,
            "cluster - local - all - none",
            on(HERE).gone()),
        given(
            "neither ready nor serving",
            null,
            CLUSTER_IP,
            "cluster - local - all - none",
            ready().conditions(false, false, false)),
        given(
            "serving but not ready and not terminating",
            null,
            CLUSTER_IP,
            "cluster - local - all - none",
            ready().conditions(false, true, false)),
        given(
            "ready though it does not serve",
            null,
            CLUSTER_IP,
            "cluster 1 local - all 1 any",
            ready().conditions(true, false, false)));
  }

  @ParameterizedTest
  @MethodSource({"topology", "policies"})
  void selects(Case given) {
    OwnNode node = new OwnNode(HERE, given.zone(), List.of());
    EndpointSelection selection =
        EndpointSelection.of(candidates(given, node), given.policies(), node);
    assertThat(print(selection)).isEqualTo(given.expected());
  }

  private static List<Candidate> candidates(Case given, OwnNode node) {
    SliceBuilder slice = slice("ns/svc").port("p", 80);
    int number = 0;
    for (EndpointTraits traits : given.endpoints()) {
      number++;
      slice.endpoint("10.1.2." + number, traits);
    }
    return Candidate.of(PORT, List.of(slice.build()), node);
  }

  private static String print(EndpointSelection selection) {
    return "cluster %s local %s all %s %s"
        .formatted(
            numbers(selection.cluster()),
            numbers(selection.local()),
            numbers(selection.reachable()),
            selection.hasAny() ? "any" : "none");
  }

  private static String numbers(List<Candidate> candidates) {
    return candidates.isEmpty()
        ? "-"
        : candidates.stream()
            .map(candidate -> candidate.backend().address().toString().substring(7))
            .collect(Collectors.joining(","));
  }
}
