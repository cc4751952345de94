package kubeproxy.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// Tells which UDP flows lead where the installed plan would not lead them: to endpoints that are
/// gone, or to nowhere, because they began before the Service had endpoints. UDP has no end of
/// connection, so a client that keeps sending would never notice.
///
/// Flows to Service ports without serving endpoints are left alone: there is nothing better for
/// them. So are flows to a node port's number on addresses that are not this node's. Immutable.
final class StaleFlows implements Predicate<Flow> {

  /// Who may answer for an address and port.
  private final Map<Backend, Set<Backend>> byFrontend = new HashMap<>();

  /// Who may answer for a node port.
  private final Map<Integer, Set<Backend>> byNodePort = new HashMap<>();

  private final Set<IpAddress> nodePortAddresses;

  StaleFlows(NodePlan plan, NodeFacts facts) {
    nodePortAddresses =
        switch (plan.settings().nodePortAddresses()) {
          case NodePortAddresses.AllLocal _ -> new HashSet<>(facts.localAddresses());
          case NodePortAddresses.Only only -> new HashSet<>(only.addresses());
        };
    plan.services().forEach((_, service) -> service.ports().forEach(this::add));
  }

  private void add(PlannedPort port) {
    if (!isServingUdp(port)) {
      return;
    }
    Set<Backend> serving = Set.copyOf(port.serving());
    for (Frontend frontend : port.frontends()) {
      IpAddress address = frontend.address();
      if (address == null) {
        byNodePort.put(frontend.port(), serving);
      } else {
        byFrontend.put(new Backend(address, frontend.port()), serving);
      }
    }
  }

  /// Whether no flow can be stale.
  boolean isEmpty() {
    return byFrontend.isEmpty() && byNodePort.isEmpty();
  }

  /// Whether the flow is stale.
  @Override
  public boolean test(Flow flow) {
    Set<Backend> serving = servingFor(flow);
    return serving != null
        && !serving.contains(new Backend(flow.replySource(), flow.replySourcePort()));
  }

  private @Nullable Set<Backend> servingFor(Flow flow) {
    IpAddress address = flow.originalDestination();
    int port = flow.originalDestinationPort();
    Set<Backend> serving = byFrontend.get(new Backend(address, port));
    if (serving != null) {
      return serving;
    }
    Set<Backend> atNodePort = byNodePort.get(port);
    return atNodePort != null && nodePortAddresses.contains(address) ? atNodePort : null;
  }

  /// Whether a Service installed as `after` may have stale flows that it did not have as `before`:
  /// whether it takes over a frontend or takes an endpoint away from one.
  static boolean canArise(@Nullable PlannedService before, @Nullable PlannedService after) {
    if (after == null) {
      return false;
    }
    for (PlannedPort port : after.ports()) {
      if (isServingUdp(port)) {
        Set<Backend> serving = new HashSet<>(port.serving());
        for (Frontend frontend : port.frontends()) {
          List<Backend> earlier = servingBefore(before, frontend);
          if (earlier == null || !serving.containsAll(earlier)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Who served a frontend before, or null if nobody did.
  private static @Nullable List<Backend> servingBefore(
      @Nullable PlannedService before, Frontend frontend) {
    if (before != null) {
      for (PlannedPort port : before.ports()) {
        if (isServingUdp(port)
            && port.frontends().stream().anyMatch(other -> isSame(other, frontend))) {
          return port.serving();
        }
      }
    }
    return null;
  }

  private static boolean isSame(Frontend one, Frontend other) {
    return one.port() == other.port() && Objects.equals(one.address(), other.address());
  }

  private static boolean isServingUdp(PlannedPort port) {
    return port.name().protocol() == Protocol.UDP && !port.serving().isEmpty();
  }
}
