package kubeproxy.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import org.jspecify.annotations.Nullable;

/// Plans one Service as if there were no other: who gets what several Services want is decided
/// afterwards.
final class ServicePlanner {
  private final PlanConfig config;
  private final OwnNode node;

  ServicePlanner(PlanConfig config, OwnNode node) {
    this.config = config;
    this.node = node;
  }

  /// What the Service would get, or null if this node does not carry it in this family.
  ///
  /// @param slices all slices of the Service, in a fixed order
  @Nullable PlannedService plan(Service service, List<EndpointSlice> slices) {
    ServiceAddresses addresses = ServiceAddresses.of(config, node, service);
    if (addresses == null || service.ports().isEmpty()) {
      return null;
    }
    List<EndpointSlice> counting = Candidate.countingSlices(slices, config.family());
    List<PlannedPort> ports = new ArrayList<>(service.ports().size());
    Set<IpAddress> localReady = new HashSet<>();
    for (int i = 0; i < service.ports().size(); i++) {
      ServicePort port = service.ports().get(i);
      if (ServiceProblems.isRepeatedPort(service.ports(), i) || !isServed(port)) {
        continue;
      }
      List<Candidate> candidates = Candidate.of(port, counting, node);
      for (Candidate candidate : candidates) {
        if (candidate.local() && candidate.isReady()) {
          localReady.add(candidate.backend().address());
        }
      }
      ports.add(planPort(service, port, addresses, candidates));
    }
    if (ports.isEmpty()) {
      return null;
    }
    return new PlannedService(
        service.key(),
        ports,
        List.of(addresses.clusterIp()),
        TrafficPolicies.healthCheckNodePort(service),
        localReady.size());
  }

  private boolean isServed(ServicePort port) {
    return config.sctp() || port.protocol() != Protocol.SCTP;
  }

  private PlannedPort planPort(
      Service service, ServicePort port, ServiceAddresses addresses, List<Candidate> candidates) {
    TrafficPolicies policies = TrafficPolicies.of(service, port, addresses);
    EndpointSelection selection = EndpointSelection.of(near(service, candidates), policies, node);
    Pools pools = Pools.of(selection);
    List<Candidate> serving =
        port.protocol() == Protocol.UDP
            ? Sublists.matching(candidates, candidate -> candidate.endpoint().serving())
            : List.of();
    return new PlannedPort(
        new ServicePortName(service.key(), port.name(), port.protocol()),
        service.affinityTimeoutSeconds(),
        policies.internalLocal(),
        frontends(port, addresses, new Treatments(policies, selection.hasAny(), pools)),
        pools.shared(Sublists.matching(selection.reachable(), Candidate::local)),
        pools.shared(serving));
  }

  /// Topology keys do not go together with traffic that stays on the node.
  private List<Candidate> near(Service service, List<Candidate> candidates) {
    return config.serviceTopology() && !TrafficPolicies.isExternalLocal(service)
        ? ServiceTopology.near(service.topologyKeys(), candidates, node)
        : candidates;
  }

  private static List<Frontend> frontends(
      ServicePort port, ServiceAddresses addresses, Treatments treatments) {
    List<Frontend> frontends = new ArrayList<>(2);
    frontends.add(
        new Frontend(
            FrontendKind.CLUSTER_IP,
            addresses.clusterIp(),
            port.protocol(),
            port.port(),
            treatments.internal(),
            List.of()));
    Treatment external = treatments.external();
    for (IpAddress address : addresses.loadBalancer()) {
      List<IpPrefix> allowed = addresses.allowedSources();
      frontends.add(
          new Frontend(
              FrontendKind.LOAD_BALANCER,
              address,
              port.protocol(),
              port.port(),
              external,
              allowed));
    }
    for (IpAddress address : addresses.external()) {
      frontends.add(
          new Frontend(
              FrontendKind.EXTERNAL_IP,
              address,
              port.protocol(),
              port.port(),
              external,
              List.of()));
    }
    if (port.nodePort() != 0) {
      frontends.add(
          new Frontend(
              FrontendKind.NODE_PORT, null, port.protocol(), port.nodePort(), external, List.of()));
    }
    return frontends;
  }
}
