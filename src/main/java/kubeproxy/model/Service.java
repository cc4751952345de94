package kubeproxy.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A Service as far as it matters to a node proxy. Addresses that could not be parsed are not here
/// but in `problems`.
///
/// @param uid `metadata.uid`, which tells it from an earlier one of that name; null if it is not
///     written as an API server does
/// @param createdMillis `metadata.creationTimestamp` in milliseconds since the epoch, 0 if absent;
///     the older Service wins a contested address
/// @param type `spec.type`
/// @param headless whether `spec.clusterIP` is `None`
/// @param clusterIp `spec.clusterIP`, the only one in objects written before dual stack
/// @param clusterIps `spec.clusterIPs`
/// @param ipFamilies `spec.ipFamilies`, parallel to `clusterIps`
/// @param topologyKeys `spec.topologyKeys`, which Kubernetes had from 1.17 to 1.21: names of
///     labels, or `*`
/// @param foreignProxy whether the label `service.kubernetes.io/service-proxy-name` hands the
///     Service to another proxy
/// @param affinityTimeoutSeconds `ClientIP` session affinity in seconds, or 0 for none
/// @param healthCheckNodePort 1 to 65535, or 0
/// @param problems what was wrong with the object as written
public record Service(
    ObjectKey key,
    @Nullable UUID uid,
    long createdMillis,
    ServiceType type,
    boolean headless,
    @Nullable IpAddress clusterIp,
    List<IpAddress> clusterIps,
    List<IpFamily> ipFamilies,
    List<ServicePort> ports,
    List<IpAddress> externalIps,
    List<LoadBalancerIngress> loadBalancerIngress,
    List<IpPrefix> loadBalancerSourceRanges,
    TrafficPolicy internalTrafficPolicy,
    TrafficPolicy externalTrafficPolicy,
    int affinityTimeoutSeconds,
    int healthCheckNodePort,
    List<String> topologyKeys,
    boolean foreignProxy,
    List<Problem> problems)
    implements ClusterObject {

  public Service {
    clusterIps = List.copyOf(clusterIps);
    ipFamilies = List.copyOf(ipFamilies);
    ports = List.copyOf(ports);
    externalIps = List.copyOf(externalIps);
    loadBalancerIngress = List.copyOf(loadBalancerIngress);
    loadBalancerSourceRanges = List.copyOf(loadBalancerSourceRanges);
    topologyKeys = List.copyOf(topologyKeys);
    problems = List.copyOf(problems);
  }

  /// A Service without UID and topology keys.
  public Service(
      ObjectKey key,
      long createdMillis,
      ServiceType type,
      boolean headless,
      @Nullable IpAddress clusterIp,
      List<IpAddress> clusterIps,
      List<IpFamily> ipFamilies,
      List<ServicePort> ports,
      List<IpAddress> externalIps,
      List<LoadBalancerIngress> loadBalancerIngress,
      List<IpPrefix> loadBalancerSourceRanges,
      TrafficPolicy internalTrafficPolicy,
      TrafficPolicy externalTrafficPolicy,
      int affinityTimeoutSeconds,
      int healthCheckNodePort,
      boolean foreignProxy,
      List<Problem> problems) {
    this(
        key,
        null,
        createdMillis,
        type,
        headless,
        clusterIp,
        clusterIps,
        ipFamilies,
        ports,
        externalIps,
        loadBalancerIngress,
        loadBalancerSourceRanges,
        internalTrafficPolicy,
        externalTrafficPolicy,
        affinityTimeoutSeconds,
        healthCheckNodePort,
        List.of(),
        foreignProxy,
        problems);
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE;
  }
}
