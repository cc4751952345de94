package kubeproxy.iptables.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlannedService;
import kubeproxy.testing.FakeIptables;
import kubeproxy.testing.RandomPlan;
import kubeproxy.testing.UniformTreatments;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// However a state was reached, it is the same, and the tools never had a reason to refuse. Run
/// with `-Dkubeproxy.seed=N` to repeat one case, `-Dkubeproxy.cases=N` for more.
class IptablesDiffTest {
  private static final int STEPS = 25;

  /// Backends of a pool at most, for chains with many rules.
  private static final int MANY = 120;

  static LongStream seeds() {
    Long seed = Long.getLong("kubeproxy.seed");
    return seed != null
        ? LongStream.of(seed)
        : LongStream.range(0, Integer.getInteger("kubeproxy.cases", 8));
  }

  private static IpFamily family(long seed) {
    return seed % 3 == 2 ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  private static RandomPlan randomPlan(long seed) {
    return new RandomPlan(family(seed), new Random(seed), seed % 5 == 4 ? MANY : 9);
  }

  /// Few chains in a part and few removals, so that the limits are met.
  private static DiffOptions options(long seed) {
    return seed % 2 == 0 ? DiffOptions.LEGACY : new DiffOptions(5, 2);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void followingEqualsStartingOver(long seed) throws IOException {
    RandomPlan random = randomPlan(seed);
    Followed followed = new Followed(random, options(seed));
    for (int step = 0; step < STEPS; step++) {
      Set<ObjectKey> changed = random.step().services();

      followed.follow(changed);

      followed.checkContent("step %d".formatted(step));
      followed.checkBelief();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void batchingDoesNotMatter(long seed) throws IOException {
    int steps = 5;
    for (int cuts = 0; cuts < 1 << (steps - 1); cuts++) {
      RandomPlan random = randomPlan(seed);
      Followed followed = new Followed(random, options(seed));
      Set<ObjectKey> batch = new HashSet<>();
      for (int i = 0; i < steps; i++) {
        batch.addAll(random.step().services());
        if (i == steps - 1 || (cuts >> i & 1) == 1) {
          followed.follow(batch);
          batch.clear();
        }
      }
      followed.checkContent("cuts %d".formatted(cuts));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void repairsWhateverOthersDid(long seed) throws IOException {
    RandomPlan random = randomPlan(seed);
    Random drift = new Random(seed + 1);
    Followed followed = new Followed(random, options(seed));
    for (int step = 0; step < STEPS; step++) {
      Set<ObjectKey> changed = random.step().services();
      if (drift.nextBoolean()) {
        followed.follow(changed);
      }
      String did = drift(followed.port, drift);

      followed.observe();

      followed.checkContent("%d: %s".formatted(step, did));
      followed.checkBelief();
      assertThat(followed.difference()).as("%d: %s", step, did).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void chainsThatMayNotBeRemovedAreEmptiedAndGoLater(long seed) throws IOException {
    RandomPlan random = randomPlan(seed);
    Followed followed = new Followed(random, options(seed));
    for (int step = 0; step < STEPS; step++) {
      followed.removeChains = step % 2 == 0;
      Set<ObjectKey> changed = random.step().services();
      followed.follow(changed);
      for (String leftover : followed.installed.leftovers()) {
        assertThat(followed.port.chains(Table.NAT)).as("step %d", step).containsKey(leftover);
      }
      if (step % 5 == 4) {
        followed.sweep();
        followed.checkContent("step %d".formatted(step));
      }
    }
  }

  /// In a large cluster rules of single endpoints have no comments, whenever they were written.
  @Test
  void clustersGrowLargeAndSmallAgain() throws IOException {
    Followed followed = new Followed(new RandomPlan(IpFamily.IPV4, new Random(4), 300), options(1));
    int sizeChanges = 0;
    boolean large = false;
    for (int step = 0; step < 12; step++) {
      followed.follow(followed.random.step().services());
      followed.checkContent("step %d".formatted(step));
      assertThat(followed.difference()).as("step %d", step).isEmpty();
      int endpoints = followed.installed.totals().endpoints();
      sizeChanges += large == endpoints > DiffOptions.LARGE_CLUSTER_ENDPOINTS ? 0 : 1;
      large = endpoints > DiffOptions.LARGE_CLUSTER_ENDPOINTS;
    }
    assertThat(sizeChanges).isGreaterThanOrEqualTo(2);
  }

  /// Does to the tables what somebody else might.
  private static String drift(FakeIptables port, Random random) {
    Table table = random.nextBoolean() ? Table.NAT : Table.FILTER;
    Map<String, List<String>> chains = port.chains(table);
    List<String> names =
        chains.keySet().stream()
            .filter(name -> name.startsWith("KUBE-"))
            .filter(name -> !name.equals(Chains.FIREWALL) && !name.equals(Chains.CANARY))
            .toList();
    String chain = names.get(random.nextInt(names.size()));
    List<String> rules = port.rules(table, chain);
    switch (random.nextInt(5)) {
      case 0 -> rules.clear();
      case 1 -> rules.add(random.nextInt(rules.size() + 1), "-s 1.2.3.4/32 -j DROP");
      case 2 -> {
        if (!rules.isEmpty()) {
          rules.remove(random.nextInt(rules.size()));
        }
      }
      case 3 -> {
        List<String> jump = new ArrayList<>(List.of("-j KUBE-SEP-STALE"));
        port.chains(Table.NAT).put("KUBE-SVC-STALE", jump);
        port.chains(Table.NAT).put("KUBE-SEP-STALE", new ArrayList<>());
        return "stale chains";
      }
      default -> {
        chains.values().forEach(List::clear);
        chains.keySet().removeIf(name -> name.startsWith("KUBE-"));
        return "flush of " + table;
      }
    }
    return "changed " + chain;
  }

  /// Tables that follow plans.
  private static final class Followed {
    final FakeIptables port;
    final Installed installed = new Installed();
    private final RandomPlan random;
    private final Compilers compilers;
    private final DiffOptions options;
    boolean removeChains = true;

    Followed(RandomPlan random, DiffOptions options) throws IOException {
      this.random = random;
      this.options = options;
      IpFamily family = random.plan().family();
      this.port = new FakeIptables(family);
      this.compilers = Compilers.of(CompileOptions.of(family, 0x4000));
      observe();
    }

    private NodePlan plan() {
      return UniformTreatments.of(random.plan());
    }

    private Desired desired(Set<ObjectKey> keys) {
      Map<ObjectKey, @Nullable PlannedService> services = new HashMap<>();
      keys.forEach(key -> services.put(key, plan().services().get(key)));
      return new Desired(plan().settings(), services);
    }

    private Proposal full() throws IOException {
      Set<ObjectKey> all = Set.copyOf(plan().services().sortedKeys());
      return FullDiff.between(compilers, options, port.observe(), desired(all), removeChains);
    }

    void observe() throws IOException {
      commit(full());
    }

    String difference() throws IOException {
      return full().input().toString();
    }

    void follow(Set<ObjectKey> changed) {
      commit(new Differ(compilers, options).changes(installed, desired(changed), removeChains));
    }

    void sweep() {
      commit(new Differ(compilers, options).sweep(installed, plan().settings()));
    }

    private void commit(Proposal proposal) {
      if (!proposal.input().isEmpty()) {
        RestoreEnd end = port.restore(proposal.input());
        assertThat(end).as("%s", proposal.input()).isEqualTo(new RestoreEnd.Restored());
      }
      installed.accept(proposal);
    }

    /// What is there is what would be if nothing had been there.
    void checkContent(String when) throws IOException {
      List<String> expected = anew();
      List<String> found = port.content().lines().toList();
      if (!found.equals(expected)) {
        List<String> missing = new ArrayList<>(expected);
        found.forEach(missing::remove);
        List<String> surplus = new ArrayList<>(found);
        expected.forEach(surplus::remove);
        assertThat(surplus).as("%s; missing: %s", when, missing).isEmpty();
        assertThat(found).as(when).isEqualTo(expected);
      }
    }

    private List<String> anew() throws IOException {
      return new Followed(random, DiffOptions.LEGACY).port.content().lines().toList();
    }

    /// What is believed is what is there.
    void checkBelief() {
      long chains =
          port.chains(Table.NAT).keySet().stream().filter(ChainNames::isOfService).count();
      assertThat(installed.totals().chains()).isEqualTo((int) chains);
      assertThat(installed.totals().natRules()).isEqualTo(rules(Table.NAT));
      assertThat(installed.totals().filterRules()).isEqualTo(rules(Table.FILTER));
    }

    private int rules(Table table) {
      return port.chains(table).entrySet().stream()
          .filter(chain -> chain.getKey().startsWith("KUBE-"))
          .filter(chain -> !chain.getKey().equals(Chains.FIREWALL))
          .mapToInt(chain -> chain.getValue().size())
          .sum();
    }
  }
}
