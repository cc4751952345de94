package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;

/// The pools of one Service port. Equal lists of backends are made one object: at ten thousand
/// Services they are most of what a plan weighs.
record Pools(Pool cluster, Pool local) {

  static Pools of(EndpointSelection selection) {
    Pool cluster = pool(backends(selection.cluster()));
    List<Backend> local = backends(selection.local());
    return new Pools(cluster, local.equals(cluster.backends()) ? cluster : pool(local));
  }

  /// The backends of some candidates, as the list of a pool if that is equal.
  List<Backend> shared(List<Candidate> candidates) {
    List<Backend> backends = backends(candidates);
    if (backends.equals(cluster.backends())) {
      return cluster.backends();
    }
    return backends.equals(local.backends()) ? local.backends() : backends;
  }

  private static Pool pool(List<Backend> backends) {
    return backends.isEmpty() ? Pool.EMPTY : new Pool(backends);
  }

  private static List<Backend> backends(List<Candidate> candidates) {
    List<Backend> backends = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      backends.add(candidate.backend());
    }
    return List.copyOf(backends);
  }
}
