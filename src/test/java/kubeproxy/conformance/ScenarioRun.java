package kubeproxy.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.TrackedConnections;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.scenario.Check;
import kubeproxy.testing.scenario.Scenario;
import kubeproxy.testing.scenario.Scenario.Identity;
import kubeproxy.testing.scenario.Scenario.NodeOptions;
import kubeproxy.testing.scenario.Scenario.ObjectDocument;
import kubeproxy.testing.scenario.Scenario.Step;

/// One scenario on its way through one mode.
final class ScenarioRun {

  private final ModeUnderTest mode;
  private final Scenario scenario;
  private final Topology topology;
  private final Traffic traffic;
  private final CheckRunner checks;
  private final Map<Identity, ObjectDocument> objects = new TreeMap<>();
  private final Map<String, Flow> flows = new HashMap<>();

  ScenarioRun(ModeUnderTest mode, Scenario scenario, Topology topology, Traffic traffic) {
    this.mode = mode;
    this.scenario = scenario;
    this.topology = topology;
    this.traffic = traffic;
    this.checks = new CheckRunner(mode, topology, traffic);
  }

  /// Does every step, or fails at one.
  void toTheEnd() throws Exception {
    scenario.node().addresses().forEach(topology::addNodeAddress);
    ServedAddresses.of(scenario, topology, mode.lacking())
        .forEach(s -> traffic.serve(s.address(), s.port(), s.protocol()));
    mode.start(topology.node(), scenario.node());
    ObjectDocument node = DefaultNode.document();
    objects.put(node.identity(), node);
    int number = 0;
    for (Step step : scenario.steps()) {
      number++;
      try {
        carryOut(step);
      } catch (AssertionError e) {
        throw new AssertionError(
            "step %d, from %s: %s".formatted(number, scenario.source(), e.getMessage()), e);
      }
    }
    mode.verify();
  }

  /// Leaves nothing behind that another scenario could meet, also if it did not come to the end.
  void leaveNoTrace() throws Exception {
    flows.values().forEach(Flow::close);
    try {
      mode.stop();
    } finally {
      mode.cleanUp(topology.node());
      scenario.node().addresses().forEach(topology::removeNodeAddress);
      TrackedConnections.forget(topology.node());
    }
  }

  private void carryOut(Step step) throws Exception {
    switch (step) {
      case Step.Change change -> change(change);
      case Step.Checks all ->
          checks.runAll(all.checks().stream().map(c -> c.forModeLacking(mode.lacking())).toList());
      case Step.Open open -> {
        Check check = open.check().forModeLacking(mode.lacking());
        Flow flow = open(check);
        flows.put(open.flow(), flow);
        checks.ask(flow, check);
      }
      case Step.Again again -> {
        Flow flow = flows.get(again.flow());
        if (flow == null) {
          throw new AssertionError("no flow was opened as " + again.flow());
        }
        checks.ask(flow, again.check().forModeLacking(mode.lacking()));
      }
      case Step.Pause pause -> Thread.sleep(pause.duration());
      case Step.Restart _ -> {
        mode.stop();
        mode.start(topology.node(), scenario.node());
        mode.apply(new ArrayList<>(objects.values()));
      }
    }
  }

  private void change(Step.Change change) throws Exception {
    for (Identity identity : change.delete()) {
      if (objects.remove(identity) == null) {
        throw new AssertionError("there is no " + identity + " to delete");
      }
    }
    change.apply().forEach(document -> objects.put(document.identity(), document));
    mode.apply(List.copyOf(objects.values()));
  }

  private Flow open(Check check) {
    IpAddress source =
        check.source().orElseThrow(() -> new AssertionError("a flow has one source"));
    return traffic.open(source, check.destination(), check.port(), check.protocol());
  }

  /// The Node that is there unless a scenario brings its own.
  private static final class DefaultNode {

    private static final String YAML =
        """
        apiVersion: v1
        kind: Node
        metadata:
          name: test-node
        spec:
          podCIDRs: [10.180.0.0/24, "fd00:10:180::/64"]
        status:
          addresses:
          - {type: InternalIP, address: 192.168.0.2}
          - {type: InternalIP, address: "2001:db8::1"}
        """;

    static ObjectDocument document() {
      return new ObjectDocument(
          new Identity("Node", "", NodeOptions.NODE_NAME), YAML, Map.of("kind", "Node"));
    }
  }
}
