package kubeproxy.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;

/// Short ways to write objects for tests of the engine, all in namespace `ns`.
public final class Cluster {
  private Cluster() {}

  /// The key of a Service or slice.
  public static ObjectKey key(String name) {
    return new ObjectKey("ns", name);
  }

  /// The identity of a Service.
  public static ObjectId serviceId(String name) {
    return new ObjectId(Kind.SERVICE, key(name));
  }

  /// The identity of a slice.
  public static ObjectId sliceId(String name) {
    return new ObjectId(Kind.ENDPOINT_SLICE, key(name));
  }

  /// A Service with an unnamed port 53/UDP on these cluster IPs.
  public static Service udpService(String name, String... ips) {
    return service(name, new ServicePort("", Protocol.UDP, 53, 0), 0, List.of(), ips);
  }

  /// A Service with one port on these cluster IPs.
  public static Service service(
      String name, ServicePort port, int healthPort, List<Problem> problems, String... ips) {
    List<IpAddress> addresses = Arrays.stream(ips).map(IpAddress::of).toList();
    return new Service(
        key(name),
        0,
        ServiceType.CLUSTER_IP,
        false,
        addresses.getFirst(),
        addresses,
        addresses.stream().map(IpAddress::family).toList(),
        List.of(port),
        List.of(),
        List.of(),
        List.of(),
        TrafficPolicy.CLUSTER,
        TrafficPolicy.CLUSTER,
        0,
        healthPort,
        false,
        problems);
  }

  /// A slice `name-ipv4` or `name-ipv6` with these endpoints of one family for a Service's unnamed
  /// UDP port, with target port 5353.
  public static EndpointSlice udpSlice(IpFamily family, String service, String... ips) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String ip : ips) {
      endpoints.add(new Endpoint(IpAddress.of(ip), true, true, false, null, List.of(), List.of()));
    }
    return new EndpointSlice(
        key(sliceName(family, service)),
        key(service),
        family,
        false,
        List.of(new EndpointPort("", Protocol.UDP, 5353)),
        endpoints,
        List.of());
  }

  /// The name that [#udpSlice] gives.
  public static String sliceName(IpFamily family, String service) {
    return switch (family) {
      case IPV4 -> service + "-ipv4";
      case IPV6 -> service + "-ipv6";
    };
  }
}
