package kubeproxy.userspace.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.Treatment;
import kubeproxy.userspace.program.PoolName;
import kubeproxy.userspace.program.PoolName.Reach;
import org.jspecify.annotations.Nullable;

/// Compiles the plan of the rules that lead packets to the relay: each pool has one endpoint, which
/// is its listener. Affinity is left to the relay, and what is about endpoints falls away.
public final class PortalCompiler {

  private PortalCompiler() {}

  /// The settings for the rules. Endpoints see the node in any case, so that not all has to be
  /// masqueraded for it; pods are still told apart for `externalTrafficPolicy`.
  public static NodeSettings settings(NodeSettings settings) {
    return new NodeSettings(
        false,
        settings.localSource(),
        settings.nodePortAddresses(),
        settings.loopbackNodePorts(),
        settings.serviceCidrs());
  }

  /// One Service as rules carry it out.
  ///
  /// @param listeners where the pools are listened for; frontends whose pool has no listener are
  ///     left out
  public static PlannedService compile(PlannedService service, Map<PoolName, Backend> listeners) {
    List<PlannedPort> ports = new ArrayList<>(service.ports().size());
    for (PlannedPort port : service.ports()) {
      ports.add(new OfPort(port, listeners).compile());
    }
    return new PlannedService(
        service.key(),
        ports,
        service.ownedClusterIps(),
        service.healthCheckNodePort(),
        service.localReadyEndpoints());
  }

  private static final class OfPort {
    private final PlannedPort port;
    private final @Nullable Backend cluster;
    private final @Nullable Backend local;

    OfPort(PlannedPort port, Map<PoolName, Backend> listeners) {
      this.port = port;
      this.cluster = listeners.get(new PoolName(port.name(), Reach.CLUSTER));
      this.local = listeners.get(new PoolName(port.name(), Reach.LOCAL));
    }

    PlannedPort compile() {
      List<Frontend> frontends = new ArrayList<>(port.frontends().size());
      for (Frontend frontend : port.frontends()) {
        Treatment treatment = portal(frontend.treatment());
        if (treatment != null) {
          frontends.add(
              new Frontend(
                  frontend.kind(),
                  frontend.address(),
                  frontend.protocol(),
                  frontend.port(),
                  treatment,
                  frontend.allowedSources()));
        }
      }
      return new PlannedPort(
          port.name(), 0, port.internalLocal(), frontends, List.of(), serving(frontends));
    }

    private @Nullable Treatment portal(Treatment treatment) {
      return switch (treatment) {
        case Treatment.Reject(), Treatment.Drop() -> treatment;
        case Treatment.Internal _ -> {
          Backend listener = Pools.internal(port) == Reach.LOCAL ? local : cluster;
          yield listener == null ? null : new Treatment.Internal(only(listener));
        }
        case Treatment.ExternalCluster _ ->
            cluster == null ? null : new Treatment.ExternalCluster(only(cluster));
        case Treatment.ExternalLocal(Pool here, _) -> {
          boolean listened = cluster != null && (here.isEmpty() || local != null);
          yield listened ? externalLocal(here) : null;
        }
      };
    }

    private Treatment externalLocal(Pool here) {
      Pool toLocal = here.isEmpty() || local == null ? Pool.EMPTY : only(local);
      Pool toCluster = cluster == null ? Pool.EMPTY : only(cluster);
      return new Treatment.ExternalLocal(toLocal, toCluster);
    }

    private static Pool only(Backend listener) {
      return new Pool(List.of(listener));
    }

    /// Tracked flows to any listener of the port are as they should be.
    private List<Backend> serving(List<Frontend> frontends) {
      if (port.name().protocol() != Protocol.UDP) {
        return List.of();
      }
      List<Backend> serving = new ArrayList<>();
      for (Frontend frontend : frontends) {
        switch (frontend.treatment()) {
          case Treatment.Reject(), Treatment.Drop() -> {}
          case Treatment.Internal(Pool pool) -> serving.addAll(pool.backends());
          case Treatment.ExternalCluster(Pool pool) -> serving.addAll(pool.backends());
          case Treatment.ExternalLocal(Pool here, Pool all) -> {
            serving.addAll(here.backends());
            serving.addAll(all.backends());
          }
        }
      }
      return serving.stream().distinct().sorted().toList();
    }
  }
}
