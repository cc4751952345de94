package kubeproxy.plan;

import java.util.List;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.LoadBalancerIngress;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceType;
import org.jspecify.annotations.Nullable;

/// The addresses of one family on which a Service answers. No address is in two of the lists: one
/// that is declared twice counts as what stands first in [FrontendKind].
///
/// @param loadBalancer sorted
/// @param external sorted
/// @param allowedSources who may connect to `loadBalancer`; see [Frontend#allowedSources]
record ServiceAddresses(
    IpAddress clusterIp,
    List<IpAddress> loadBalancer,
    List<IpAddress> external,
    List<IpPrefix> allowedSources) {

  ServiceAddresses {
    loadBalancer = List.copyOf(loadBalancer);
    external = List.copyOf(external);
    allowedSources = List.copyOf(allowedSources);
  }

  /// The addresses, or null if this node does not carry the Service in this family.
  static @Nullable ServiceAddresses of(PlanConfig config, OwnNode node, Service service) {
    IpFamily family = config.family();
    IpAddress clusterIp = carriedClusterIp(service, family);
    if (clusterIp == null) {
      return null;
    }
    List<IpAddress> loadBalancer =
        service.loadBalancerIngress().isEmpty()
            ? List.of()
            : sorted(
                service.loadBalancerIngress().stream()
                    .filter(ingress -> !ingress.proxied())
                    .map(LoadBalancerIngress::address)
                    .filter(address -> !address.equals(clusterIp)),
                family);
    List<IpAddress> external =
        service.externalIps().isEmpty() || !config.allowExternalIps()
            ? List.of()
            : sorted(
                service.externalIps().stream()
                    .filter(address -> !address.equals(clusterIp))
                    .filter(address -> !loadBalancer.contains(address)),
                family);
    List<IpPrefix> allowedSources =
        loadBalancer.isEmpty()
            ? List.of()
            : SourceRanges.allowed(config, node, service, loadBalancer);
    return new ServiceAddresses(clusterIp, loadBalancer, external, allowedSources);
  }

  private static List<IpAddress> sorted(Stream<IpAddress> addresses, IpFamily family) {
    return addresses.filter(address -> address.family() == family).distinct().sorted().toList();
  }

  private static @Nullable IpAddress carriedClusterIp(Service service, IpFamily family) {
    boolean carried =
        !service.foreignProxy()
            && !service.headless()
            && service.type() != ServiceType.EXTERNAL_NAME;
    return carried ? clusterIp(service, family) : null;
  }

  /// The cluster IP of a family: among `clusterIPs` if `ipFamilies` names the family, else, in
  /// objects that know no families, the single `clusterIP`.
  private static @Nullable IpAddress clusterIp(Service service, IpFamily family) {
    if (service.ipFamilies().isEmpty()) {
      IpAddress single = service.clusterIp();
      return single != null && single.family() == family ? single : null;
    }
    if (!service.ipFamilies().contains(family)) {
      return null;
    }
    // Not by position: an address that could not be parsed has left no gap in the list.
    for (IpAddress address : service.clusterIps()) {
      if (address.family() == family) {
        return address;
      }
    }
    return null;
  }
}
