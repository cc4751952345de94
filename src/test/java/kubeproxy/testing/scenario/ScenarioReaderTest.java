package kubeproxy.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.Capability;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.testing.scenario.Check.Expectation;
import kubeproxy.testing.scenario.Check.Source;
import kubeproxy.testing.scenario.Check.Target;
import kubeproxy.testing.scenario.Scenario.Step;
import org.junit.jupiter.api.Test;

class ScenarioReaderTest {

  private static final String SMALL =
      """
      objects:
        svc:
          apiVersion: v1
          kind: Service
          metadata: {namespace: ns1, name: svc1}
          spec: {clusterIP: 172.30.0.41, sessionAffinity: None}
      scenarios:
      - name: small
        source: nowhere
        steps:
        - apply: [{base: svc, with: {spec: {sessionAffinity: null, type: NodePort}}}]
        - check:
          - needs: CLUSTER_IP_GUARD
            check: pod to 172.30.0.41:80/UDP is refused
            otherwise: outside to 1.2.3.4:443/TCP reaches 10.180.0.1:8443, 10.180.1.2 as the node
      """;

  @Test
  void allScenariosOfTheProjectAreUnderstood() throws IOException {
    List<Scenario> all = ScenarioReader.readAll().values().stream().flatMap(List::stream).toList();
    assertThat(all).hasSizeGreaterThan(70);
    assertThat(all).allSatisfy(scenario -> assertThat(scenario.steps()).isNotEmpty());
    assertThat(all.stream().map(s -> s.name() + s.family())).doesNotHaveDuplicates();
  }

  @Test
  void aScenarioIsReadForEachFamily() {
    List<Scenario> scenarios = ScenarioReader.read("small.yaml", SMALL);
    assertThat(scenarios)
        .extracting(Scenario::family)
        .containsExactly(IpFamily.IPV4, IpFamily.IPV6);
    var change = (Step.Change) scenarios.get(1).steps().getFirst();
    assertThat(change.apply().getFirst().yaml())
        .contains("clusterIP: fd00:172:30::41")
        .contains("type: NodePort")
        .doesNotContain("sessionAffinity");
  }

  @Test
  void sentencesSayWhatTheySeemToSay() {
    var checks = (Step.Checks) ScenarioReader.read("small.yaml", SMALL).getFirst().steps().get(1);
    Check able = checks.checks().getFirst().forModeLacking(Set.of(Capability.SCTP));
    assertThat(able.source()).contains(IpAddress.of("10.0.0.2"));
    assertThat(able.destination()).isEqualTo(IpAddress.of("172.30.0.41"));
    assertThat(able.port()).isEqualTo(80);
    assertThat(able.protocol()).isEqualTo(Protocol.UDP);
    assertThat(able.expectation()).isEqualTo(new Expectation.Refused());
    Check unable = checks.checks().getFirst().forModeLacking(Set.of(Capability.CLUSTER_IP_GUARD));
    assertThat(unable.expectation())
        .isEqualTo(
            new Expectation.Reaches(
                List.of(
                    new Target(IpAddress.of("10.180.0.1"), 8443),
                    new Target(IpAddress.of("10.180.1.2"), 80)),
                Source.NODE));
  }

  @Test
  void mistakesAreNamedByFileAndLine() {
    assertMistake(SMALL.replace("is refused", "is refuse"), "small.yaml:14: not understood");
    assertMistake(SMALL.replace("pod to", "somebody to"), "small.yaml:14: not an address");
    assertMistake(SMALL.replace("base: svc", "base: other"), "small.yaml:11: no such object");
    assertMistake(SMALL.replace("- apply", "- aply"), "small.yaml:11: unknown: [aply]");
    assertMistake(SMALL.replace("172.30.0.41", "8.8.8.8"), "8.8.8.8 has no counterpart");
    assertMistake(SMALL.replace("  source: nowhere\n", ""), "small.yaml:8: source is missing");
    assertMistake(SMALL + "- [", "small.yaml");
  }

  private static void assertMistake(String text, String message) {
    assertThatThrownBy(() -> ScenarioReader.read("small.yaml", text))
        .isInstanceOf(ScenarioError.class)
        .hasMessageContaining(message);
  }
}
