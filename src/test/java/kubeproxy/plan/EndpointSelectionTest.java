package kubeproxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServicePort;
import kubeproxy.testing.EndpointTraits;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SliceBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Readiness, topology hints and traffic policies, case by case.
///
/// A case is three lines: its name; the policies, the zone of our node and the endpoints; the
/// selection, with endpoints by their position from 1. `external` stands for having external
/// addresses, `unready` for starting or failing, `gone` for terminating without serving.
class EndpointSelectionTest {
  private static final String CASES =
      """
      all hinted for zones
        internal zone=a: zones:a; zones:b; zones:a
        cluster 1,3 local - all 1,3 any
      an external policy of Local ignores zones for the local list
        external-local zone=a: here zones:a; here zones:b; there zones:a
        cluster 1,3 local 1,2 all 1,2,3 any
      an internal policy of Local ignores zones
        internal-local zone=a: here zones:a; here zones:b; there zones:a
        cluster - local 1,2 all 1,2 any
      a node without zone
        internal: zones:a; zones:b
        cluster 1,2 local - all 1,2 any
      a node with an empty zone
        internal zone=: zones:a; zones:
        cluster 1,2 local - all 1,2 any
      a zone without endpoints
        internal zone=c: zones:a; zones:b
        cluster 1,2 local - all 1,2 any
      an unready endpoint in the zone
        internal zone=a: zones:a; zones:a unready; zones:b
        cluster 1 local - all 1 any
      only unready endpoints in the zone
        internal zone=a: zones:a unready; zones:b; zones:b
        cluster 2,3 local - all 2,3 any
      an unready endpoint without hints does not matter
        internal zone=a: unready; zones:a; zones:b
        cluster 2 local - all 2 any
      one endpoint lacks zone hints
        internal zone=a: zones:a; ready; zones:b
        cluster 1,2,3 local - all 1,2,3 any
      several zones for an endpoint
        internal zone=a: zones:a,b; zones:b,a; zones:b
        cluster 1,2 local - all 1,2 any
      zone hints alone
        internal zone=a: zones:a; zones:b
        cluster 1 local - all 1 any
      node hints before zone hints
        internal zone=a: zones:a nodes:n2; zones:b nodes:here
        cluster 2 local - all 2 any
      incomplete node hints and incomplete zone hints
        internal zone=a: zones:a nodes:here; ready
        cluster 1,2 local - all 1,2 any
      incomplete node hints and complete zone hints
        internal zone=a: zones:a nodes:here; zones:b
        cluster 1 local - all 1 any
      no endpoint for the node
        internal zone=a: zones:a nodes:n2; zones:b nodes:n3
        cluster 1 local - all 1 any
      an endpoint here that is meant for another zone
        external-local zone=a: here zones:b; there zones:a
        cluster 2 local 1 all 1,2 any
      no endpoint
        internal:
        cluster - local - all - none
      no endpoint, both Local
        internal-local external-local:
        cluster - local - all - none
      no endpoint, internal Local
        internal-local:
        cluster - local - all - none
      internal Local, all elsewhere
        internal-local: there; there
        cluster - local - all - any
      internal Local, all here
        internal-local: here; here
        cluster - local 1,2 all 1,2 any
      internal Local, some here
        internal-local: here; there
        cluster - local 1 all 1 any
      none ready
        internal: unready; unready
        cluster - local - all - none
      some ready
        internal: ready; unready
        cluster 1 local - all 1 any
      all terminating but serving
        internal: terminating; terminating
        cluster 1,2 local - all 1,2 any
      terminating ones stand back for a ready one
        internal: terminating; ready
        cluster 2 local - all 2 any
      topology does not matter for terminating ones
        internal zone=a: terminating zones:a; terminating zones:b
        cluster 1,2 local - all 1,2 any
      internal Local with external addresses
        internal-local external: here; there
        cluster 1,2 local 1 all 1,2 any
      external Local
        external-local: here; there
        cluster 1,2 local 1 all 1,2 any
      both Local
        internal-local external-local: here; there
        cluster 1,2 local 1 all 1,2 any
      both Local, all elsewhere
        internal-local external-local: there; there
        cluster 1,2 local - all 1,2 any
      both Local, a terminating one elsewhere
        internal-local external-local: there terminating
        cluster 1 local - all 1 any
      external Local falls back while others are ready
        external-local: here terminating; there
        cluster 2 local 1 all 1,2 any
      external Local without effect
        local-without-external: here; there
        cluster 1,2 local - all 1,2 any
      external Cluster
        external: here; there
        cluster 1,2 local - all 1,2 any
      internal Local, terminating here
        internal-local: here terminating; there
        cluster - local 1 all 1 any
      internal Local, gone here
        internal-local: here gone
        cluster - local - all - none
      neither ready nor serving
        internal: unready
        cluster - local - all - none
      serving but not ready and not terminating
        internal: serving
        cluster - local - all - none
      ready though it does not serve
        internal: unserving
        cluster 1 local - all 1 any
      """;

  record Case(String name, String given, String expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    List<String> lines = CASES.lines().map(String::strip).toList();
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 3) {
      cases.add(new Case(lines.get(i), lines.get(i + 1), lines.get(i + 2)));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void selects(Case one) {
    int colon = one.given().indexOf(':');
    List<String> words = words(one.given().substring(0, colon));
    String endpoints = one.given().substring(colon + 1).strip();
    OwnNode node = new OwnNode(PlanFixture.NODE, zone(words), List.of(), List.of());
    EndpointSelection selection =
        EndpointSelection.of(candidates(endpoints, node), policies(words), node);
    assertThat(print(selection)).isEqualTo(one.expected());
  }

  private static TrafficPolicies policies(List<String> words) {
    boolean externalLocal = words.contains("external-local");
    return new TrafficPolicies(
        words.contains("internal-local"),
        externalLocal || words.contains("local-without-external"),
        externalLocal || words.contains("external"));
  }

  private static @Nullable String zone(List<String> words) {
    return words.stream()
        .filter(word -> word.startsWith("zone="))
        .map(word -> word.substring(5))
        .findFirst()
        .orElse(null);
  }

  private static List<Candidate> candidates(String endpoints, OwnNode node) {
    SliceBuilder slice = Objects.slice("ns/svc").port("p", 80);
    List<String> each = endpoints.isEmpty() ? List.of() : List.of(endpoints.split("; "));
    for (int i = 0; i < each.size(); i++) {
      EndpointTraits traits = Objects.ready();
      words(each.get(i)).forEach(word -> apply(word, traits));
      slice.endpoint("10.1.2." + (i + 1), traits);
    }
    ServicePort port = new ServicePort("p", Protocol.TCP, 80, 0);
    return Candidate.of(port, List.of(slice.build()), node);
  }

  private static EndpointTraits apply(String word, EndpointTraits traits) {
    int colon = word.indexOf(':');
    String[] names =
        colon < 0
            ? new String[0]
            : word.substring(colon + 1).replace("here", PlanFixture.NODE).split(",", -1);
    return switch (colon < 0 ? word : word.substring(0, colon)) {
      case "ready" -> traits;
      case "here" -> traits.on(PlanFixture.NODE);
      case "there" -> traits.on("node2");
      case "unready" -> traits.unready();
      case "terminating" -> traits.terminating();
      case "gone" -> traits.gone();
      case "serving" -> traits.conditions(false, true, false);
      case "unserving" -> traits.conditions(true, false, false);
      case "zones" -> traits.forZones(names);
      case "nodes" -> traits.forNodes(names);
      default -> throw new IllegalArgumentException("unknown word: " + word);
    };
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" "));
  }

  private static String print(EndpointSelection selection) {
    return "cluster %s local %s all %s %s"
        .formatted(
            positions(selection.cluster()),
            positions(selection.local()),
            positions(selection.reachable()),
            selection.hasAny() ? "any" : "none");
  }

  private static String positions(List<Candidate> candidates) {
    return candidates.isEmpty()
        ? "-"
        : candidates.stream()
            .map(candidate -> candidate.backend().address().toString().substring(7))
            .collect(Collectors.joining(","));
  }
}
