package kubeproxy.userspace.compile;

import java.util.EnumMap;
import java.util.Map;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;
import kubeproxy.userspace.program.PoolName.Reach;

/// Which pools a treatment uses.
final class Pools {

  private Pools() {}

  /// All of them that have endpoints.
  static Map<Reach, Pool> of(PlannedPort port, Treatment treatment) {
    Map<Reach, Pool> pools = new EnumMap<>(Reach.class);
    switch (treatment) {
      case Treatment.Reject(), Treatment.Drop() -> {}
      case Treatment.Internal(Pool pool) -> pools.put(internal(port), pool);
      case Treatment.ExternalCluster(Pool pool) -> pools.put(Reach.CLUSTER, pool);
      case Treatment.ExternalLocal(Pool local, Pool cluster) -> {
        pools.put(Reach.CLUSTER, cluster);
        if (!local.isEmpty()) {
          pools.put(Reach.LOCAL, local);
        }
      }
    }
    return pools;
  }

  /// Where traffic to the cluster IP goes.
  static Reach internal(PlannedPort port) {
    return port.internalLocal() ? Reach.LOCAL : Reach.CLUSTER;
  }

  /// The endpoints anywhere to which external traffic may go.
  static Pool cluster(Treatment treatment) {
    return switch (treatment) {
      case Treatment.Reject(), Treatment.Drop(), Treatment.Internal(_) -> Pool.EMPTY;
      case Treatment.ExternalCluster(Pool pool) -> pool;
      case Treatment.ExternalLocal(_, Pool cluster) -> cluster;
    };
  }
}
