package kubeproxy.engine;

import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What happens at random to the engine over fake kernels, all of it decided by one seed.
/// `-Dsimulation.seed=N` repeats one run, `-Dsimulation.runs=N` makes more of them.
interface SeededSimulation {

  /// Something happens.
  void randomEvent();

  /// What holds at any time.
  void checkInvariants();

  /// Nothing fails any longer and nothing happens, for long enough.
  void quiet();

  /// What holds after quiet.
  void checkQuiet();

  /// Names of the kinds of events of the engine so far.
  Set<String> seen();

  /// The seeds of a test.
  ///
  /// @param runs how many, if no property says so
  static Stream<Long> seeds(int runs) {
    Long only = Long.getLong("simulation.seed");
    if (only != null) {
      return Stream.of(only);
    }
    long base = System.nanoTime();
    return LongStream.range(0, Long.getLong("simulation.runs", runs)).mapToObj(i -> base + i);
  }

  /// Looks at everything after each of some events, and after quiet.
  static void check(long seed, int events, LongFunction<SeededSimulation> start) {
    System.out.println("simulation.seed=" + seed);
    SeededSimulation simulation = start.apply(seed);
    for (int event = 0; event < events; event++) {
      simulation.randomEvent();
      simulation.checkInvariants();
    }
    simulation.quiet();
    simulation.checkQuiet();
  }

  /// Lets that many things happen and looks at nothing.
  static <T extends SeededSimulation> T after(int events, T simulation) {
    for (int event = 0; event < events; event++) {
      simulation.randomEvent();
    }
    return simulation;
  }
}
