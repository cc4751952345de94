package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random events, restarts, drift and failing calls; after quiet, what is observed is what is
/// wanted and no flow is stale. `-Dsimulation.seed=N` repeats one run, `-Dsimulation.runs=N` makes
/// more of them.
class SimulationTest {
  private static final int EVENTS = 400;

  static Stream<Long> seeds() {
    Long only = Long.getLong("simulation.seed");
    if (only != null) {
      return Stream.of(only);
    }
    long base = System.nanoTime();
    return LongStream.range(0, Long.getLong("simulation.runs", 25)).mapToObj(i -> base + i);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterQuietTheKernelHoldsWhatIsWanted(long seed) {
    System.out.println("simulation.seed=" + seed);
    Simulation simulation = new Simulation(seed);
    for (int event = 0; event < EVENTS; event++) {
      simulation.randomEvent();
      simulation.checkInvariants();
    }
    simulation.quiet();
    simulation.checkQuiet();
  }

  @Test
  void theSimulationReachesEveryOutcome() {
    Simulation simulation = new Simulation(1);
    for (int event = 0; event < 20 * EVENTS; event++) {
      simulation.randomEvent();
    }
    assertThat(simulation.seen())
        .contains(
            "Failed",
            "FactsChanged",
            "FlowsCleaned",
            "HealthChecksChanged",
            "Indeterminate",
            "ProblemsChanged",
            "Rejected",
            "Restored",
            "SetAside",
            "Synced");
  }
}
