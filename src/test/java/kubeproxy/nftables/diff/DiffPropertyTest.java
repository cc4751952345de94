package kubeproxy.nftables.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.apply.NftablesPort.CommitResult;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanDelta;
import kubeproxy.testing.Compiled;
import kubeproxy.testing.FakeNftables;
import kubeproxy.testing.RandomDrift;
import kubeproxy.testing.RandomPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// However a state was reached, it is the same, and the kernel never had a reason to refuse. Run
/// with `-Dkubeproxy.seed=N` to repeat one case, `-Dkubeproxy.cases=N` for more.
class DiffPropertyTest {
  private static final int STEPS = 40;

  /// Elements that no set can hold when it is first made: forces growth.
  private static final int MANY = 400;

  static LongStream seeds() {
    Long seed = Long.getLong("kubeproxy.seed");
    return seed != null
        ? LongStream.of(seed)
        : LongStream.range(0, Integer.getInteger("kubeproxy.cases", 15));
  }

  private static IpFamily family(long seed) {
    return seed % 3 == 2 ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  private static RandomPlan randomPlan(long seed) {
    return new RandomPlan(family(seed), new Random(seed), seed % 5 == 4 ? MANY : 9);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void followingEqualsStartingOver(long seed) throws IOException {
    RandomPlan random = randomPlan(seed);
    Followed followed = new Followed(random.plan());
    for (int step = 0; step < STEPS; step++) {
      PlanDelta delta = random.step();

      followed.follow(random.plan(), delta.services());

      assertThat(followed.port.content()).as("step %d", step).isEqualTo(anew(random.plan()));
      followed.checkBelief();
      if (step % 7 == 0) {
        followed.sweep(random.plan());
        assertThat(followed.port.content()).isEqualTo(anew(random.plan()));
        followed.checkBelief();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void batchingDoesNotMatter(long seed) throws IOException {
    RandomPlan random = randomPlan(seed);
    List<NodePlan> plans = new ArrayList<>(List.of(random.plan()));
    List<PlanDelta> deltas = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      deltas.add(random.step());
      plans.add(random.plan());
    }
    Set<String> contents = new HashSet<>();
    for (int cuts = 0; cuts < 1 << (deltas.size() - 1); cuts++) {
      Followed followed = new Followed(plans.getFirst());
      Set<ObjectKey> batch = new HashSet<>();
      for (int i = 0; i < deltas.size(); i++) {
        batch.addAll(deltas.get(i).services());
        if (i == deltas.size() - 1 || (cuts >> i & 1) == 1) {
          followed.follow(plans.get(i + 1), batch);
          batch.clear();
        }
      }
      contents.add(followed.port.content());
    }
    assertThat(contents).containsExactly(anew(plans.getLast()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void repairsWhateverOthersDid(long seed) throws IOException {
    RandomPlan random = randomPlan(seed);
    Random drift = new Random(seed + 1);
    Followed followed = new Followed(random.plan());
    for (int step = 0; step < STEPS; step++) {
      Set<ObjectKey> changed = random.step().services();
      if (drift.nextBoolean()) {
        followed.follow(random.plan(), changed);
      }
      String did = RandomDrift.apply(followed.port, drift);

      followed.observe(random.plan());

      assertThat(followed.port.content()).as("%d: %s", step, did).isEqualTo(anew(random.plan()));
      followed.checkBelief();
      assertThat(followed.observeAgain(random.plan())).as("%d: %s", step, did).isEmpty();
      followed.sweep(random.plan());
      assertThat(followed.port.chains()).isEqualTo(followed.wantedChains());
    }
  }

  private static String anew(NodePlan plan) throws IOException {
    return new Followed(plan).port.content();
  }

  /// A table that follows plans.
  private static final class Followed {
    final FakeNftables port;
    private final Installed installed = new Installed();

    Followed(NodePlan plan) throws IOException {
      port = new FakeNftables(plan.family());
      observe(plan);
    }

    void observe(NodePlan plan) throws IOException {
      commit(FullDiff.between(port.observe(), Compiled.all(plan)));
    }

    List<Operation> observeAgain(NodePlan plan) throws IOException {
      return FullDiff.between(port.observe(), Compiled.all(plan)).transaction().operations();
    }

    void follow(NodePlan plan, Set<ObjectKey> changed) {
      commit(Differ.changes(installed, Compiled.changes(plan, changed)));
    }

    void sweep(NodePlan plan) {
      commit(Differ.sweep(installed, Compiled.changes(plan, Set.of())));
    }

    private void commit(Proposal proposal) {
      if (!proposal.transaction().isEmpty()) {
        assertThat(port.commit(proposal.transaction())).isEqualTo(new CommitResult.Committed());
      }
      installed.accept(proposal);
    }

    Set<String> wantedChains() {
      Set<String> wanted = new HashSet<>();
      installed.chains().forEach(chain -> wanted.add(chain.name()));
      installed.neededShapes().forEach(shape -> wanted.add(shape.chain()));
      return wanted;
    }

    /// What is believed is what is there.
    void checkBelief() throws IOException {
      Observed observed = port.observe();
      observed
          .sets()
          .forEach((set, found) -> {
            if (!set.isLearned()) {
              assertThat(installed.count(set)).as(set.text()).isEqualTo(found.elements().size());
            }
            assertThat(installed.size(set)).as(set.text()).isEqualTo(found.size());
          });
      assertThat(installed.chainCount()).isEqualTo(observed.chains().size());
    }
  }
}
