package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Problem;

/// What a Service gets of what it wants, and what was refused it.
///
/// @param problems one for each refused claim; none for shared resources
record Settlement(PlannedService planned, List<Problem> problems) {

  /// Settles a Service all of whose claims are in the index.
  static Settlement of(WantedService wanted, ClaimIndex claims) {
    if (!claims.hasContests()) {
      return new Settlement(wanted.planned(), List.of());
    }
    return new Settling(wanted, claims).settle();
  }

  private static final class Settling {
    private final WantedService wanted;
    private final ClaimIndex claims;
    private final List<Problem> problems = new ArrayList<>();

    Settling(WantedService wanted, ClaimIndex claims) {
      this.wanted = wanted;
      this.claims = claims;
    }

    Settlement settle() {
      PlannedService whole = wanted.planned();
      List<PlannedPort> ports = new ArrayList<>(whole.ports().size());
      for (int i = 0; i < whole.ports().size(); i++) {
        ports.add(settlePort(whole.ports().get(i), i));
      }
      Claimant claimant = wanted.claimant(FrontendKind.CLUSTER_IP, 0);
      List<IpAddress> clusterIps =
          Sublists.matching(
              whole.ownedClusterIps(), address -> owns(claimant, new Resource.ClusterIp(address)));
      int healthPort = settleHealthPort(whole.healthCheckNodePort(), claimant);
      PlannedService planned =
          new PlannedService(
              whole.key(), ports, clusterIps, healthPort, whole.localReadyEndpoints());
      return new Settlement(planned.equals(whole) ? whole : planned, problems);
    }

    private PlannedPort settlePort(PlannedPort whole, int index) {
      List<Frontend> frontends =
          Sublists.matching(whole.frontends(), frontend -> getsFrontend(frontend, index));
      Claimant claimant = wanted.claimant(FrontendKind.CLUSTER_IP, index);
      List<Backend> hairpins =
          Sublists.matching(
              whole.hairpins(),
              backend -> owns(claimant, new Resource.Hairpin(backend, whole.name().protocol())));
      if (frontends.size() == whole.frontends().size()
          && hairpins.size() == whole.hairpins().size()) {
        return whole;
      }
      return new PlannedPort(
          whole.name(),
          whole.affinityTimeoutSeconds(),
          whole.internalLocal(),
          frontends,
          hairpins,
          whole.serving());
    }

    private boolean getsFrontend(Frontend frontend, int portIndex) {
      Claimant claimant = wanted.claimant(frontend.kind(), portIndex);
      Claimant owner = claims.owner(Resource.of(frontend));
      if (owner.equals(claimant)) {
        return true;
      }
      problems.add(
          ServiceProblems.refusedFrontend(wanted.source(), claimant.port(), frontend, owner));
      return false;
    }

    private int settleHealthPort(int port, Claimant claimant) {
      if (port == 0) {
        return 0;
      }
      Claimant owner = claims.owner(new Resource.HealthPort(port));
      if (owner.equals(claimant)) {
        return port;
      }
      problems.add(ServiceProblems.refusedHealthPort(wanted.source(), port, owner));
      return 0;
    }

    private boolean owns(Claimant claimant, Resource resource) {
      return claims.owner(resource).equals(claimant);
    }
  }
}
