package kubeproxy.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kubeproxy.engine.PlanSource;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Planner;
import kubeproxy.plan.Pool;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;
import org.jspecify.annotations.Nullable;

/// Plans just enough for tests of what happens to plans: cluster IPs and node ports, every serving
/// endpoint, no policies, no conflicts.
public final class TinyPlanner implements PlanSource {
  private final IpFamily family;
  private @Nullable NodePlan last;

  public TinyPlanner(IpFamily family) {
    this.family = family;
  }

  @Override
  public Planner.Step update(ClusterSnapshot snapshot, NodeFacts facts, ClusterChange change) {
    NodePlan before = last;
    Set<ObjectKey> looked = new HashSet<>(change.services());
    if (before == null) {
      looked.addAll(snapshot.services().sortedKeys());
    }
    PersistentMap<ObjectKey, PlannedService> old =
        before == null ? PersistentMap.empty() : before.services();
    PersistentMap<ObjectKey, List<Problem>> oldProblems =
        before == null ? PersistentMap.empty() : before.problems();
    Map<ObjectKey, @Nullable PlannedService> changed = new HashMap<>();
    Map<ObjectKey, @Nullable List<Problem>> problems = new HashMap<>();
    for (ObjectKey key : looked) {
      Service service = snapshot.services().get(key);
      PlannedService planned = service == null ? null : plan(snapshot, service);
      if (!Objects.equals(old.get(key), planned)) {
        changed.put(key, planned);
      }
      problems.put(
          key, service == null || service.problems().isEmpty() ? null : service.problems());
    }
    NodeSettings settings = settings(facts);
    NodePlan plan = new NodePlan(family, settings, old.with(changed), oldProblems.with(problems));
    last = plan;
    boolean settingsChanged = before == null || !before.settings().equals(settings);
    return new Planner.Step(plan, new PlanDelta(changed.keySet(), settingsChanged));
  }

  private NodeSettings settings(NodeFacts facts) {
    List<IpAddress> local =
        facts.localAddresses().stream().filter(address -> address.family() == family).toList();
    return new NodeSettings(
        false, new LocalSource.Unknown(), new NodePortAddresses.Only(local), List.of());
  }

  private @Nullable PlannedService plan(ClusterSnapshot snapshot, Service service) {
    List<IpAddress> ips =
        service.clusterIps().stream().filter(address -> address.family() == family).toList();
    if (ips.isEmpty()) {
      return null;
    }
    List<PlannedPort> ports = new ArrayList<>();
    Set<IpAddress> ready = new HashSet<>();
    for (ServicePort port : service.ports()) {
      List<Backend> backends = backends(snapshot, service, port);
      backends.forEach(backend -> ready.add(backend.address()));
      ports.add(plan(service, ips, port, backends));
    }
    return new PlannedService(
        service.key(), ports, ips, service.healthCheckNodePort(), ready.size());
  }

  private static PlannedPort plan(
      Service service, List<IpAddress> ips, ServicePort port, List<Backend> backends) {
    Treatment treatment =
        backends.isEmpty() ? new Treatment.Reject() : new Treatment.Internal(new Pool(backends));
    List<Frontend> frontends = new ArrayList<>();
    for (IpAddress ip : ips) {
      frontends.add(
          new Frontend(
              FrontendKind.CLUSTER_IP, ip, port.protocol(), port.port(), treatment, List.of()));
    }
    if (port.nodePort() != 0) {
      frontends.add(
          new Frontend(
              FrontendKind.NODE_PORT,
              null,
              port.protocol(),
              port.nodePort(),
              treatment,
              List.of()));
    }
    return new PlannedPort(
        new ServicePortName(service.key(), port.name(), port.protocol()),
        0,
        frontends,
        List.of(),
        port.protocol() == Protocol.UDP ? backends : List.of());
  }

  private List<Backend> backends(ClusterSnapshot snapshot, Service service, ServicePort port) {
    return snapshot.slicesOf(service.key()).stream()
        .filter(slice -> slice.family() == family)
        .flatMap(slice ->
            slice.ports().stream()
                .filter(target -> target.name().equals(port.name()))
                .filter(target -> target.protocol() == port.protocol())
                .flatMap(target ->
                    slice.endpoints().stream()
                        .map(end -> new Backend(end.address(), target.port()))))
        .distinct()
        .sorted()
        .toList();
  }
}
