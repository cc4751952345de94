package kubeproxy.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import org.jspecify.annotations.Nullable;

/// Makes the plan of one family, following changes. Used by one thread.
///
/// For any sequence of changes, `update` ends in a plan equal to what a new planner makes of the
/// last snapshot: it keeps, besides the last plan and what that was made from, only an index of who
/// claims which address.
///
/// Each Service is first planned as if it were alone; then the index decides who gets what several
/// claim. A change therefore concerns the Services that changed and those in contest with them, and
/// costs the same in a cluster of ten Services as in one of ten thousand. Only a change of our
/// Node's zone, addresses or (with topology keys) labels concerns all.
public final class Planner {
  private final PlanConfig config;
  private @Nullable Basis last;
  private ClaimIndex claims = new ClaimIndex();

  /// A plan and where it differs from the one before.
  public record Step(NodePlan plan, PlanDelta delta) {}

  /// What the last plan was made from, and the plan. The claims of a Service are not kept: they
  /// follow from the snapshot.
  private record Basis(ClusterSnapshot snapshot, NodeFacts facts, OwnNode node, NodePlan plan) {}

  /// A planner that has seen nothing yet.
  public Planner(PlanConfig config) {
    this.config = config;
  }

  /// The plan for a snapshot.
  ///
  /// Problems may differ from those of the plan before without any difference in the delta, which
  /// tells only what concerns packets.
  ///
  /// @param change where the snapshot differs from the last one given; for the first call it is
  ///     ignored
  public Step update(ClusterSnapshot snapshot, NodeFacts facts, ClusterChange change) {
    OwnNode node = OwnNode.of(config, snapshot);
    Basis before = last;
    NodePlan previous = before == null ? emptyPlan() : before.plan();
    Round round = new Round(snapshot, node);
    if (before == null || !before.node().equals(node)) {
      round.planAll(previous);
    } else {
      round.follow(change.services(), before.snapshot());
    }
    boolean sameBasis =
        before != null && !change.nodes() && !change.serviceCidrs() && before.facts().equals(facts);
    NodeSettings settings =
        sameBasis ? previous.settings() : SettingsPlanner.plan(config, node, snapshot, facts);
    boolean settingsDiffer = before == null || !settings.equals(previous.settings());
    Step step = round.settle(previous, settings, settingsDiffer);
    last = new Basis(snapshot, facts, node, step.plan());
    return step;
  }

  private NodePlan emptyPlan() {
    NodeSettings none =
        new NodeSettings(
            false, new LocalSource.Unknown(), new NodePortAddresses.AllLocal(), List.of());
    return new NodePlan(config.family(), none, PersistentMap.empty(), PersistentMap.empty());
  }

  /// The work of one update.
  private final class Round {
    private final ClusterSnapshot snapshot;
    private final ServicePlanner planner;

    /// Services to settle.
    private final Set<ObjectKey> affected = new LinkedHashSet<>();

    /// What those of them want that were planned for their claims already.
    private final Map<ObjectKey, Optional<WantedService>> wanted = new HashMap<>();

    Round(ClusterSnapshot snapshot, OwnNode node) {
      this.snapshot = snapshot;
      this.planner = new ServicePlanner(config, node);
    }

    void planAll(NodePlan previous) {
      claims = new ClaimIndex();
      snapshot
          .services()
          .forEach((key, _) -> {
            affected.add(key);
            wantedNow(key).ifPresent(service -> claims.addAll(Claim.of(service)));
          });
      previous.services().forEach((key, _) -> affected.add(key));
      previous.problems().forEach((key, _) -> affected.add(key));
    }

    void follow(Set<ObjectKey> changed, ClusterSnapshot before) {
      affected.addAll(changed);
      for (ObjectKey key : changed) {
        claims.replace(claimsOf(wanted(key, before)), claimsOf(wantedNow(key)), affected::add);
      }
    }

    private static List<Claim> claimsOf(Optional<WantedService> wanted) {
      return wanted.map(Claim::of).orElse(List.of());
    }

    private Optional<WantedService> wantedNow(ObjectKey key) {
      return wanted.computeIfAbsent(key, _ -> wanted(key, snapshot));
    }

    private Optional<WantedService> wanted(ObjectKey key, ClusterSnapshot snapshot) {
      Service service = snapshot.services().get(key);
      if (service == null) {
        return Optional.empty();
      }
      return Optional.ofNullable(planner.plan(service, snapshot.slicesOf(key)))
          .map(planned -> new WantedService(service, planned));
    }

    Step settle(NodePlan previous, NodeSettings settings, boolean settingsDiffer) {
      Map<ObjectKey, @Nullable PlannedService> services = new HashMap<>();
      Map<ObjectKey, @Nullable List<Problem>> problems = new HashMap<>();
      for (ObjectKey key : affected) {
        Optional<Settlement> settlement =
            wantedNow(key).map(service -> Settlement.of(service, claims));
        PlannedService planned = settlement.map(Settlement::planned).orElse(null);
        if (!Objects.equals(planned, previous.services().get(key))) {
          services.put(key, planned);
        }
        List<Problem> all = problems(key, settlement);
        problems.put(key, all.isEmpty() ? null : all);
      }
      NodePlan plan =
          new NodePlan(
              config.family(),
              settings,
              previous.services().with(services),
              previous.problems().with(problems));
      return new Step(plan, new PlanDelta(services.keySet(), settingsDiffer));
    }

    private List<Problem> problems(ObjectKey key, Optional<Settlement> settlement) {
      Service service = snapshot.services().get(key);
      if (service == null) {
        return List.of();
      }
      List<Problem> problems =
          new ArrayList<>(ServiceProblems.own(service, snapshot.slicesOf(key), config));
      settlement.ifPresent(settled -> problems.addAll(settled.problems()));
      return problems.isEmpty() ? problems : problems.stream().distinct().sorted().toList();
    }
  }
}
