package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;

/// The endpoints of a Service port that are used. All lists are in the order of the candidates.
///
/// @param cluster where traffic under the policy Cluster goes
/// @param local where traffic under the policy Local goes
/// @param reachable every endpoint to which this node sends anything
/// @param hasAny whether there is a usable endpoint anywhere: without one traffic is refused, with
///     one but none allowed it is dropped
record EndpointSelection(
    List<Candidate> cluster, List<Candidate> local, List<Candidate> reachable, boolean hasAny) {

  /// Selects by readiness, topology and traffic policy. Ready endpoints are used; where there is
  /// none, those that are terminating but still serve (KEP-1669). Topology hints count for
  /// `cluster` only.
  ///
  /// @param candidates without duplicates
  static EndpointSelection of(List<Candidate> candidates, TrafficPolicies policies, OwnNode node) {
    List<Candidate> cluster = List.of();
    TopologyPreference preference = TopologyPreference.NONE;
    if (policies.usesCluster()) {
      List<Candidate> ready = Sublists.matching(candidates, Candidate::isReady);
      TopologyPreference preferred = TopologyPreference.of(ready, node);
      preference = preferred;
      cluster =
          ready.isEmpty()
              ? Sublists.matching(candidates, Candidate::isServingTerminating)
              : Sublists.matching(ready, candidate -> preferred.admits(candidate, node));
    }
    if (!policies.usesLocal()) {
      return new EndpointSelection(cluster, List.of(), cluster, !cluster.isEmpty());
    }
    List<Candidate> here = Sublists.matching(candidates, Candidate::local);
    List<Candidate> localReady = Sublists.matching(here, Candidate::isReady);
    List<Candidate> local =
        localReady.isEmpty()
            ? Sublists.matching(here, Candidate::isServingTerminating)
            : localReady;
    boolean clusterHoldsLocal = preference == TopologyPreference.NONE && !localReady.isEmpty();
    List<Candidate> reachable =
        !policies.usesCluster()
            ? local
            : clusterHoldsLocal ? cluster : union(candidates, cluster, local);
    return new EndpointSelection(cluster, local, reachable, anyUsable(candidates));
  }

  private static boolean anyUsable(List<Candidate> candidates) {
    return candidates.stream()
        .anyMatch(candidate -> candidate.isReady() || candidate.isServingTerminating());
  }

  /// The candidates in either part, both of which are in the order of the whole.
  private static List<Candidate> union(
      List<Candidate> whole, List<Candidate> first, List<Candidate> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return first.isEmpty() ? second : first;
    }
    List<Candidate> union = new ArrayList<>();
    int nextFirst = 0;
    int nextSecond = 0;
    for (Candidate candidate : whole) {
      boolean inFirst = isAt(first, nextFirst, candidate);
      boolean inSecond = isAt(second, nextSecond, candidate);
      nextFirst += inFirst ? 1 : 0;
      nextSecond += inSecond ? 1 : 0;
      if (inFirst || inSecond) {
        union.add(candidate);
      }
    }
    return union;
  }

  private static boolean isAt(List<Candidate> list, int index, Candidate candidate) {
    return index < list.size() && list.get(index).backend().equals(candidate.backend());
  }
}
