package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.scenario.Scenario;
import kubeproxy.testing.scenario.ScenarioReader;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// One test per scenario, family and mode.
@Tag("kernel")
class ConformanceTest {

  /// A part of a scenario's name or file: only those are run.
  private static final String ONLY = System.getProperty("scenario", "");

  /// A part of a mode's name: only those are run.
  private static final String ONLY_MODE = System.getProperty("mode", "");

  @Test
  void thereIsAMode() {
    assertThat(ConformanceModes.all()).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicNode> scenarios() throws IOException {
    return scenarios(ConformanceModes.all());
  }

  /// All scenarios, or those that were asked for, in each of these modes.
  static Stream<DynamicNode> scenarios(List<ModeUnderTest> modes) throws IOException {
    Map<String, List<Scenario>> byFile = ScenarioReader.readAll();
    return modes.stream()
        .filter(mode -> mode.name().contains(ONLY_MODE))
        .map(mode ->
            DynamicContainer.dynamicContainer(
                mode.name(),
                byFile.entrySet().stream()
                    .map(file -> theme(mode, file.getKey(), file.getValue()))));
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
