package kubeproxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Following changes gives what planning from nothing gives, whatever happens and however it is cut
/// into updates. Run with `-Dkubeproxy.seed=N` to repeat one case, `-Dkubeproxy.cases=N` for more.
class PlannerPropertyTest {
  private static final int STEPS = 60;

  static LongStream seeds() {
    Long seed = Long.getLong("kubeproxy.seed");
    return seed != null
        ? LongStream.of(seed)
        : LongStream.range(0, Integer.getInteger("kubeproxy.cases", 60));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void followingEqualsPlanningAnew(long seed) {
    IpFamily family = seed % 4 == 3 ? IpFamily.IPV6 : IpFamily.IPV4;
    PlanConfig config = PlanFixture.withGates(family, seed % 3 != 2, seed % 2 == 1);
    RandomCluster cluster = new RandomCluster(new Random(seed));
    Planner planner = new Planner(config);
    ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    NodeFacts facts = cluster.facts();
    NodePlan before = planner.update(snapshot, facts, ClusterChange.NONE).plan();
    for (int step = 0; step < STEPS; step++) {
      ClusterSnapshot.Step folded = snapshot.apply(cluster.delta());
      snapshot = folded.snapshot();
      facts = step % 7 == 0 ? cluster.facts() : facts;

      Planner.Step followed = planner.update(snapshot, facts, folded.change());

      NodePlan anew = new Planner(config).update(snapshot, facts, ClusterChange.NONE).plan();
      assertThat(PlanText.print(followed.plan()))
          .as("step %d", step)
          .isEqualTo(PlanText.print(anew));
      assertThat(followed.plan()).isEqualTo(anew);
      assertThat(followed.delta()).as("step %d", step).isEqualTo(difference(before, anew));
      PlanInvariants.check(followed.plan());
      before = followed.plan();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void batchingDoesNotMatter(long seed) {
    RandomCluster cluster = new RandomCluster(new Random(seed));
    List<ClusterDelta> deltas = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      deltas.add(cluster.delta());
    }
    Set<String> texts = new HashSet<>();
    for (int cuts = 0; cuts < 1 << (deltas.size() - 1); cuts++) {
      texts.add(PlanText.print(planInBatches(deltas, cuts)));
    }
    assertThat(texts).hasSize(1);
  }

  /// @param cuts bit i says whether an update happens between deltas i and i + 1
  private static NodePlan planInBatches(List<ClusterDelta> deltas, int cuts) {
    Planner planner = new Planner(PlanFixture.config());
    ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    NodePlan plan = planner.update(snapshot, PlanFixture.NO_FACTS, ClusterChange.NONE).plan();
    ClusterDelta batch = ClusterDelta.NONE;
    for (int i = 0; i < deltas.size(); i++) {
      batch = batch.then(deltas.get(i));
      if (i == deltas.size() - 1 || (cuts >> i & 1) == 1) {
        ClusterSnapshot.Step step = snapshot.apply(batch);
        snapshot = step.snapshot();
        plan = planner.update(snapshot, PlanFixture.NO_FACTS, step.change()).plan();
        batch = ClusterDelta.NONE;
      }
    }
    return plan;
  }

  private static PlanDelta difference(NodePlan before, NodePlan after) {
    Set<ObjectKey> keys = new TreeSet<>(before.services().sortedKeys());
    keys.addAll(after.services().sortedKeys());
    keys.removeIf(key -> {
      PlannedService old = before.services().get(key);
      return old != null && old.equals(after.services().get(key));
    });
    return new PlanDelta(keys, !before.settings().equals(after.settings()));
  }

  @Test
  void theRandomClusterIsContested() {
    RandomCluster cluster = new RandomCluster(new Random(1));
    ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      snapshot = snapshot.apply(cluster.delta()).snapshot();
      text.append(PlanText.print(PlanFixture.plan(PlanFixture.config(), snapshot)));
    }
    assertThat(text.toString())
        .contains("ADDRESS_CONFLICT", "NODE_PORT_CONFLICT", "HEALTH_PORT_CONFLICT")
        .contains("INVALID_VALUE", "hairpins", "serving", "allowed", "drop", "reject")
        .contains("internal", "external-local", "external-cluster");
  }
}
