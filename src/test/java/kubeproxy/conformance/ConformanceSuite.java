package kubeproxy.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.scenario.Scenario;
import kubeproxy.testing.scenario.ScenarioReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// One test per scenario and family, in one mode. Each mode is a class of its own, because classes
/// are what the kernel lane runs at the same time; each says in which lane it runs.
abstract class ConformanceSuite {

  /// A part of a scenario's name or file: only those are run.
  private static final String ONLY = System.getProperty("scenario", "");

  private final ModeUnderTest mode;

  /// @param mode to run them in
  ConformanceSuite(ModeUnderTest mode) {
    this.mode = mode;
  }

  @AfterEach
  void endMode() throws Exception {
    mode.end();
  }

  @TestFactory
  Stream<DynamicNode> scenarios() throws IOException {
    return ScenarioReader.readAll().entrySet().stream()
        .map(file -> theme(mode, file.getKey(), file.getValue()));
  }

  private static DynamicNode theme(ModeUnderTest mode, String file, List<Scenario> scenarios) {
    var tests = new ArrayList<DynamicTest>();
    for (Scenario scenario : scenarios) {
      boolean wanted = file.contains(ONLY) || scenario.name().contains(ONLY);
      if (wanted && mode.runs(scenario.name())) {
        tests.add(
            DynamicTest.dynamicTest(
                scenario.name() + " (" + scenario.family() + ")", () -> run(mode, scenario)));
      }
    }
    return DynamicContainer.dynamicContainer(file, tests);
  }

  private static void run(ModeUnderTest mode, Scenario scenario) throws Exception {
    Topology topology = Topology.get();
    try (var traffic = new Traffic(topology)) {
      var run = new ScenarioRun(mode, scenario, topology, traffic);
      try {
        run.toTheEnd();
      } finally {
        run.leaveNoTrace();
      }
    }
  }
}
