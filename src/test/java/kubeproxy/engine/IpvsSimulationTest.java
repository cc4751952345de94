package kubeproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
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
    Long only = Long.getLong("simulation.seed");
    if (only != null) {
      return Stream.of(only);
    }
    long base = System.nanoTime();
    return LongStream.range(0, Long.getLong("simulation.runs", 10)).mapToObj(i -> base + i);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterQuietTheKernelHoldsWhatAFreshStartMakes(long seed) {
    System.out.println("simulation.seed=" + seed);
    IpvsSimulation simulation = new IpvsSimulation(seed);
    for (int event = 0; event < EVENTS; event++) {
      simulation.randomEvent();
      simulation.checkInvariants();
    }
    simulation.quiet();
    simulation.checkQuiet();
  }

  @Test
  void theSimulationReachesEveryOutcome() {
    IpvsSimulation simulation = new IpvsSimulation(1);
    for (int event = 0; event < 10 * EVENTS; event++) {
      simulation.randomEvent();
    }
    assertThat(simulation.seen())
        .contains("Indeterminate", "Reconfigured", "Rejected", "Restored", "SetAside", "Synced");
    assertThat(simulation.size()).isGreaterThan(2_000);
  }
}
