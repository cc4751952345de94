package kubeproxy.iptables.compile;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;
import org.jspecify.annotations.Nullable;

/// What the chains of one Service port are about. All its frontends but the cluster IP have one
/// treatment, and those of load balancers the same allowed sources.
///
/// @param name `namespace/name:port`
/// @param hash what its chains are called behind their prefix
/// @param cluster backends of the cluster chain; empty if there is none
/// @param local backends of the local chain; empty if there is none
/// @param external what becomes of traffic from outside; null if there is no such frontend
/// @param restricted the frontend that says who may connect to the load balancer addresses; null if
///     everybody may
record PortChains(
    PlannedPort port,
    String name,
    String hash,
    Pool cluster,
    Pool local,
    @Nullable Treatment external,
    @Nullable Frontend restricted) {

  static PortChains of(PlannedPort port, ChainNames names) {
    String name = port.name().toString();
    String hash = names.port(name, port.name().protocol().lowerCase());
    Pool cluster = Pool.EMPTY;
    Pool local = Pool.EMPTY;
    Treatment external = null;
    Frontend restricted = null;
    for (Frontend frontend : port.frontends()) {
      switch (frontend.treatment()) {
        case Treatment.Reject(), Treatment.Drop() -> {}
        case Treatment.Internal(Pool pool) -> {
          if (port.internalLocal()) {
            local = pool;
          } else {
            cluster = pool;
          }
        }
        case Treatment.ExternalCluster(Pool pool) -> {
          external = frontend.treatment();
          cluster = pool;
        }
        case Treatment.ExternalLocal(Pool here, Pool all) -> {
          external = frontend.treatment();
          local = here.isEmpty() ? local : here;
          cluster = all;
        }
      }
      if (frontend.kind() == FrontendKind.LOAD_BALANCER && !frontend.allowedSources().isEmpty()) {
        restricted = frontend;
      }
    }
    boolean firewall = restricted != null && external != null;
    return new PortChains(port, name, hash, cluster, local, external, firewall ? restricted : null);
  }

  /// The chain to which traffic to the cluster IP goes.
  String internalChain() {
    return (port.internalLocal() ? ChainNames.LOCAL : ChainNames.CLUSTER).concat(hash);
  }

  String clusterChain() {
    return ChainNames.CLUSTER.concat(hash);
  }

  String localChain() {
    return ChainNames.LOCAL.concat(hash);
  }

  String externalChain() {
    return ChainNames.EXTERNAL.concat(hash);
  }

  String firewallChain() {
    return ChainNames.FIREWALL.concat(hash);
  }

  /// All backends, each once, sorted.
  List<Backend> backends() {
    if (local.isEmpty() || local.equals(cluster)) {
      return cluster.backends();
    }
    if (cluster.isEmpty()) {
      return local.backends();
    }
    List<Backend> both = new ArrayList<>(cluster.backends());
    both.addAll(local.backends());
    return both.stream().distinct().sorted().toList();
  }
}
