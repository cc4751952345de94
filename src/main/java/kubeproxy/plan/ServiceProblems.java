package kubeproxy.plan;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Kind;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;

/// What of a Service cannot be carried out as written.
final class ServiceProblems {

  private ServiceProblems() {}

  /// The problems that the Service and its slices have by themselves. A Service that another proxy
  /// carries is that proxy's concern.
  ///
  /// @param slices all slices of the Service; those of the other family are left out
  static List<Problem> own(Service service, List<EndpointSlice> slices, PlanConfig config) {
    if (service.foreignProxy()) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>(service.problems());
    for (EndpointSlice slice : Candidate.countingSlices(slices, config.family())) {
      problems.addAll(slice.problems());
    }
    for (int i = 0; i < service.ports().size(); i++) {
      if (isRepeatedPort(service.ports(), i)) {
        problems.add(repeatedPort(service, i));
      } else if (!config.sctp() && service.ports().get(i).protocol() == Protocol.SCTP) {
        problems.add(unsupportedPort(service, i));
      }
    }
    return problems;
  }

  /// Whether a port stands before this one with the same name and protocol, which tell the ports of
  /// a Service apart.
  static boolean isRepeatedPort(List<ServicePort> ports, int index) {
    ServicePort port = ports.get(index);
    for (ServicePort earlier : ports.subList(0, index)) {
      if (earlier.protocol() == port.protocol() && earlier.name().equals(port.name())) {
        return true;
      }
    }
    return false;
  }

  private static Problem repeatedPort(Service service, int index) {
    String name = service.ports().get(index).name();
    return problem(
        service,
        "spec.ports[" + index + "].name",
        name,
        Problem.Reason.INVALID_VALUE,
        "an earlier port has the same name and protocol; this one is not served");
  }

  private static Problem unsupportedPort(Service service, int index) {
    return problem(
        service,
        "spec.ports[" + index + "].protocol",
        Protocol.SCTP.toString(),
        Problem.Reason.UNSUPPORTED,
        "the feature gate SCTPSupport is off; the port is not served");
  }

  /// A frontend that someone else owns.
  static Problem refusedFrontend(
      Service service, ServicePortName port, Frontend frontend, Claimant owner) {
    IpAddress address = frontend.address();
    boolean nodePort = address == null;
    String field =
        switch (frontend.kind()) {
          case CLUSTER_IP -> "spec.clusterIP";
          case LOAD_BALANCER -> "status.loadBalancer.ingress";
          case EXTERNAL_IP -> "spec.externalIPs";
          case NODE_PORT -> "spec.ports[" + indexOf(service, port) + "].nodePort";
        };
    String value =
        (address == null ? String.valueOf(frontend.port()) : address.withPort(frontend.port()))
            + "/"
            + frontend.protocol();
    return problem(
        service,
        field,
        value,
        nodePort ? Problem.Reason.NODE_PORT_CONFLICT : Problem.Reason.ADDRESS_CONFLICT,
        "belongs to " + owner.describe() + "; not served for " + port);
  }

  /// A health check port that another Service owns.
  static Problem refusedHealthPort(Service service, int port, Claimant owner) {
    return problem(
        service,
        "spec.healthCheckNodePort",
        String.valueOf(port),
        Problem.Reason.HEALTH_PORT_CONFLICT,
        "belongs to " + owner.port().service() + "; no health check for this Service");
  }

  private static int indexOf(Service service, ServicePortName port) {
    for (int i = 0; i < service.ports().size(); i++) {
      ServicePort candidate = service.ports().get(i);
      if (candidate.protocol() == port.protocol() && candidate.name().equals(port.port())) {
        return i;
      }
    }
    throw new IllegalArgumentException("no such port: " + port);
  }

  private static Problem problem(
      Service service, String field, String value, Problem.Reason reason, String message) {
    return new Problem(Kind.SERVICE.apiName(), service.key(), field, value, reason, message);
  }
}
