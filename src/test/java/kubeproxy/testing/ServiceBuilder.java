package kubeproxy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Kind;
import kubeproxy.model.LoadBalancerIngress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/// Builds a Service; see [Objects#service].
public final class ServiceBuilder {
  private final ObjectKey key;
  private @Nullable UUID uid;
  private long createdMillis = 1;
  private ServiceType type = ServiceType.CLUSTER_IP;
  private boolean headless;
  private @Nullable IpAddress clusterIp;
  private final List<IpAddress> clusterIps = new ArrayList<>();
  private final List<IpFamily> ipFamilies = new ArrayList<>();
  private final List<ServicePort> ports = new ArrayList<>();
  private final List<IpAddress> externalIps = new ArrayList<>();
  private final List<LoadBalancerIngress> ingress = new ArrayList<>();
  private final List<IpPrefix> sourceRanges = new ArrayList<>();
  private TrafficPolicy internalPolicy = TrafficPolicy.CLUSTER;
  private TrafficPolicy externalPolicy = TrafficPolicy.CLUSTER;
  private int affinityTimeoutSeconds;
  private int healthCheckNodePort;
  private List<String> topologyKeys = List.of();
  private boolean foreignProxy;
  private final List<Problem> problems = new ArrayList<>();

  ServiceBuilder(ObjectKey key) {
    this.key = key;
  }

  /// Adds a cluster IP, with its family; the first one is also the legacy `clusterIP`.
  public ServiceBuilder clusterIp(String address) {
    IpAddress parsed = IpAddress.of(address);
    clusterIp = clusterIp == null ? parsed : clusterIp;
    clusterIps.add(parsed);
    ipFamilies.add(parsed.family());
    return this;
  }

  /// Sets `clusterIP` alone, as in objects written before dual stack.
  public ServiceBuilder legacyClusterIp(String address) {
    clusterIp = IpAddress.of(address);
    return this;
  }

  /// Adds families without cluster IPs.
  public ServiceBuilder families(IpFamily... families) {
    ipFamilies.addAll(List.of(families));
    return this;
  }

  /// Makes it headless.
  public ServiceBuilder headless() {
    headless = true;
    return this;
  }

  /// Sets the type.
  public ServiceBuilder type(ServiceType type) {
    this.type = type;
    return this;
  }

  /// Adds a TCP port.
  public ServiceBuilder port(String name, int port) {
    return port(name, Protocol.TCP, port);
  }

  /// Adds a port.
  public ServiceBuilder port(String name, Protocol protocol, int port) {
    return port(name, protocol, port, 0);
  }

  /// Adds a port with a node port; the type becomes NodePort if it is ClusterIP.
  public ServiceBuilder port(String name, Protocol protocol, int port, int nodePort) {
    ports.add(new ServicePort(name, protocol, port, nodePort));
    if (nodePort != 0 && type == ServiceType.CLUSTER_IP) {
      type = ServiceType.NODE_PORT;
    }
    return this;
  }

  /// Adds external IPs.
  public ServiceBuilder externalIps(String... addresses) {
    List.of(addresses).forEach(address -> externalIps.add(IpAddress.of(address)));
    return this;
  }

  /// Adds load balancer addresses with `ipMode: VIP`; the type becomes LoadBalancer.
  public ServiceBuilder loadBalancerIps(String... addresses) {
    type = ServiceType.LOAD_BALANCER;
    for (String address : addresses) {
      ingress.add(new LoadBalancerIngress(IpAddress.of(address), false));
    }
    return this;
  }

  /// Adds a load balancer address with `ipMode: Proxy`; the type becomes LoadBalancer.
  public ServiceBuilder proxiedLoadBalancerIp(String address) {
    type = ServiceType.LOAD_BALANCER;
    ingress.add(new LoadBalancerIngress(IpAddress.of(address), true));
    return this;
  }

  /// Adds source ranges.
  public ServiceBuilder sourceRanges(String... cidrs) {
    sourceRanges.addAll(Objects.prefixes(cidrs));
    return this;
  }

  /// Sets `internalTrafficPolicy: Local`.
  public ServiceBuilder internalLocal() {
    internalPolicy = TrafficPolicy.LOCAL;
    return this;
  }

  /// Sets `externalTrafficPolicy: Local`.
  public ServiceBuilder externalLocal() {
    externalPolicy = TrafficPolicy.LOCAL;
    return this;
  }

  /// Sets `ClientIP` session affinity.
  public ServiceBuilder affinity(int timeoutSeconds) {
    affinityTimeoutSeconds = timeoutSeconds;
    return this;
  }

  /// Sets `healthCheckNodePort`.
  public ServiceBuilder healthCheckNodePort(int port) {
    healthCheckNodePort = port;
    return this;
  }

  /// Sets the creation time in milliseconds since the epoch; 1 unless set, 0 for absent.
  public ServiceBuilder created(long millis) {
    createdMillis = millis;
    return this;
  }

  /// Sets the labels that endpoints must have in common with the node, in order.
  public ServiceBuilder topologyKeys(String... keys) {
    topologyKeys = List.of(keys);
    return this;
  }

  /// Sets its UID.
  public ServiceBuilder uid(String text) {
    uid = UUID.fromString(text);
    return this;
  }

  /// Hands it to another proxy.
  public ServiceBuilder foreignProxy() {
    foreignProxy = true;
    return this;
  }

  /// Adds a problem that a decoder found in a field.
  public ServiceBuilder problem(String field) {
    problems.add(
        new Problem(
            Kind.SERVICE.apiName(), key, field, "bad", Problem.Reason.INVALID_VALUE, "is bad"));
    return this;
  }

  /// The Service.
  public Service build() {
    return new Service(
        key,
        uid,
        createdMillis,
        type,
        headless,
        clusterIp,
        clusterIps,
        ipFamilies,
        ports,
        externalIps,
        ingress,
        sourceRanges,
        internalPolicy,
        externalPolicy,
        affinityTimeoutSeconds,
        healthCheckNodePort,
        topologyKeys,
        foreignProxy,
        problems);
  }
}
