package kubeproxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.testing.Objects;

/// One plan from a few objects, and its text.
final class PlanFixture {
  static final String NODE = "test-node";
  static final NodeFacts NO_FACTS = new NodeFacts(List.of());

  private PlanFixture() {}

  /// The node of the tests, in IPv4, with everything as the defaults have it.
  static PlanConfig config() {
    return config(IpFamily.IPV4);
  }

  static PlanConfig config(IpFamily family) {
    return new PlanConfig(
        family,
        NODE,
        false,
        new PlanConfig.DetectLocal.ByClusterCidr(Objects.prefixes("10.0.0.0/8", "fd00:10::/64")),
        new PlanConfig.NodePortChoice.Primary(),
        true);
  }

  static PlanConfig withoutExternalIps() {
    PlanConfig config = config();
    return new PlanConfig(
        config.family(),
        config.nodeName(),
        config.masqueradeAll(),
        config.detectLocal(),
        config.nodePortAddresses(),
        false);
  }

  /// With feature gates of old releases the other way round.
  static PlanConfig withGates(IpFamily family, boolean sctp, boolean serviceTopology) {
    PlanConfig config = config(family);
    return new PlanConfig(
        config.family(),
        config.nodeName(),
        config.masqueradeAll(),
        config.detectLocal(),
        config.nodePortAddresses(),
        config.allowExternalIps(),
        config.bindAddress(),
        sctp,
        serviceTopology);
  }

  static ClusterSnapshot snapshot(ClusterObject... objects) {
    return ClusterSnapshot.EMPTY.apply(ClusterDelta.ofPut(List.of(objects))).snapshot();
  }

  static NodePlan plan(ClusterObject... objects) {
    return plan(config(), objects);
  }

  static NodePlan plan(PlanConfig config, ClusterObject... objects) {
    return plan(config, snapshot(objects));
  }

  static NodePlan plan(PlanConfig config, ClusterSnapshot snapshot) {
    return new Planner(config).update(snapshot, NO_FACTS, ClusterChange.NONE).plan();
  }

  /// A Service that the plan must have.
  static PlannedService service(NodePlan plan, ObjectKey key) {
    PlannedService service = plan.services().get(key);
    assertThat(service).as("%s", key).isNotNull();
    return service;
  }

  /// The text of a plan without the head that all Services share.
  static String text(NodePlan plan) {
    return PlanText.print(plan)
        .lines()
        .dropWhile(line -> !line.startsWith("service ") && !line.startsWith("problems "))
        .map(line -> line + "\n")
        .reduce("", String::concat);
  }

  static String text(ClusterObject... objects) {
    return text(plan(objects));
  }

  /// The lines of the text that tell what becomes of packets to frontends, trimmed.
  static List<String> frontends(NodePlan plan) {
    List<String> labels =
        Arrays.stream(FrontendKind.values()).map(kind -> kind.label() + " ").toList();
    return lines(plan).filter(line -> labels.stream().anyMatch(line::startsWith)).toList();
  }

  static List<String> frontends(ClusterObject... objects) {
    return frontends(plan(objects));
  }

  /// The lines that begin with a label, trimmed.
  static List<String> lines(NodePlan plan, String label) {
    return lines(plan).filter(line -> line.startsWith(label + " ")).toList();
  }

  private static Stream<String> lines(NodePlan plan) {
    return PlanText.print(plan).lines().map(String::strip);
  }
}
