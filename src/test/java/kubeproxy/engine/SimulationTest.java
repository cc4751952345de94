package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
    return SeededSimulation.seeds(25);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterQuietTheKernelHoldsWhatIsWanted(long seed) {
    SeededSimulation.check(seed, EVENTS, Simulation::new);
  }

  @Test
  void theSimulationReachesEveryOutcome() {
    Simulation simulation = SeededSimulation.after(20 * EVENTS, new Simulation(1));
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
