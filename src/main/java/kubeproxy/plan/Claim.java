package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;

/// One resource that one Service port wants.
record Claim(Resource resource, Claimant claimant) {

  /// Everything that a Service claims, in a fixed order.
  static List<Claim> of(WantedService wanted) {
    PlannedService planned = wanted.planned();
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < planned.ports().size(); i++) {
      PlannedPort port = planned.ports().get(i);
      for (Frontend frontend : port.frontends()) {
        claims.add(new Claim(Resource.of(frontend), wanted.claimant(frontend.kind(), i)));
      }
      if (!port.hairpins().isEmpty()) {
        Claimant claimant = wanted.claimant(FrontendKind.CLUSTER_IP, i);
        for (Backend hairpin : port.hairpins()) {
          claims.add(new Claim(new Resource.Hairpin(hairpin, port.name().protocol()), claimant));
        }
      }
    }
    Claimant claimant = wanted.claimant(FrontendKind.CLUSTER_IP, 0);
    for (IpAddress address : planned.ownedClusterIps()) {
      claims.add(new Claim(new Resource.ClusterIp(address), claimant));
    }
    if (planned.healthCheckNodePort() != 0) {
      claims.add(new Claim(new Resource.HealthPort(planned.healthCheckNodePort()), claimant));
    }
    return claims;
  }
}
