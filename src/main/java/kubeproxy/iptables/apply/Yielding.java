package kubeproxy.iptables.apply;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// A Service that is set aside stays as it is installed, but for what the plan has given to others
/// since: otherwise two Services that exchange an address would wait for each other for ever.
final class Yielding {
  private final Set<Place> wanted = new HashSet<>();
  private final Set<Integer> wantedHealthPorts = new HashSet<>();

  private record Place(@Nullable IpAddress address, Protocol protocol, int port) {}

  /// @param services what others want
  Yielding(Collection<? extends @Nullable PlannedService> services) {
    for (PlannedService service : services) {
      if (service != null) {
        for (PlannedPort port : service.ports()) {
          port.frontends().forEach(frontend -> wanted.add(place(frontend)));
        }
        if (service.healthCheckNodePort() != 0) {
          wantedHealthPorts.add(service.healthCheckNodePort());
        }
      }
    }
  }

  private static Place place(Frontend frontend) {
    return new Place(frontend.address(), frontend.protocol(), frontend.port());
  }

  /// What is left of an installed Service; null if nothing was.
  @Nullable PlannedService rest(@Nullable PlannedService installed) {
    if (installed == null) {
      return null;
    }
    List<PlannedPort> ports = installed.ports().stream().map(this::rest).toList();
    boolean healthPortGone = wantedHealthPorts.contains(installed.healthCheckNodePort());
    if (ports.equals(installed.ports()) && !healthPortGone) {
      return installed;
    }
    return new PlannedService(
        installed.key(),
        ports,
        installed.ownedClusterIps(),
        healthPortGone ? 0 : installed.healthCheckNodePort(),
        installed.localReadyEndpoints());
  }

  private PlannedPort rest(PlannedPort port) {
    List<Frontend> frontends =
        port.frontends().stream().filter(each -> !wanted.contains(place(each))).toList();
    return new PlannedPort(
        port.name(),
        port.affinityTimeoutSeconds(),
        port.internalLocal(),
        frontends,
        port.hairpins(),
        port.serving());
  }
}
