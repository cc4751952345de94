package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random events, restarts, new configurations, drift and failing calls; after quiet the kernel
/// holds what a fresh start would make. `-Dsimulation.seed=N` repeats one run,
/// `-Dsimulation.runs=N` makes more of them.
class IpvsSimulationTest {
  private static final int EVENTS = 300;

  static Stream<Long> seeds() {
    return SeededSimulation.seeds(10);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterQuietTheKernelHoldsWhatAFreshStartMakes(long seed) {
    SeededSimulation.check(seed, EVENTS, IpvsSimulation::new);
  }

  @Test
  void theSimulationReachesEveryOutcome() {
    IpvsSimulation simulation = SeededSimulation.after(10 * EVENTS, new IpvsSimulation(1));
    assertThat(simulation.seen())
        .contains("Indeterminate", "Reconfigured", "Rejected", "Restored", "SetAside", "Synced");
    assertThat(simulation.size()).isGreaterThan(2_000);
  }
}
