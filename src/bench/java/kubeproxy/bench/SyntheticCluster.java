package kubeproxy.bench;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;

/// A cluster of many ClusterIP Services, the same every time.
final class SyntheticCluster {
  static final String NODE = "node-001";

  private static final int SERVICE_RANGE = 0x0a600000; // 10.96.0.0
  private static final int POD_RANGE = 0x0b000000; // 11.0.0.0, with room for a million pods
  private static final int NODES = 100;

  private final int services;
  private final int endpoints;

  SyntheticCluster(int services, int endpoints) {
    this.services = services;
    this.endpoints = endpoints;
  }

  /// All objects.
  ClusterDelta whole() {
    List<ClusterObject> objects = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      objects.add(service(i));
      objects.add(slice(i, endpoints));
    }
    return ClusterDelta.ofPut(objects);
  }

  /// One Service's endpoints, as many as asked for.
  ClusterDelta change(int service, int count) {
    return ClusterDelta.ofPut(List.of(slice(service, count)));
  }

  /// The address of a Service.
  static IpAddress clusterIp(int service) {
    return new Ipv4Address(SERVICE_RANGE + 1 + service);
  }

  private static ObjectKey key(int service) {
    return new ObjectKey("team-" + service % 100, "service-" + service);
  }

  private static Service service(int i) {
    IpAddress address = clusterIp(i);
    return new Service(
        key(i),
        1_767_225_600_000L,
        ServiceType.CLUSTER_IP,
        false,
        address,
        List.of(address),
        List.of(IpFamily.IPV4),
        List.of(new ServicePort("http", Protocol.TCP, 80, 0)),
        List.of(),
        List.of(),
        List.of(),
        TrafficPolicy.CLUSTER,
        TrafficPolicy.CLUSTER,
        0,
        0,
        false,
        List.of());
  }

  private EndpointSlice slice(int service, int count) {
    List<Endpoint> list = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      int pod = service * 16 + j;
      list.add(
          new Endpoint(
              new Ipv4Address(POD_RANGE + pod),
              true,
              true,
              false,
              "node-%03d".formatted(pod % NODES),
              List.of(),
              List.of()));
    }
    ObjectKey key = key(service);
    return new EndpointSlice(
        new ObjectKey(key.namespace(), key.name() + "-abc12"),
        key,
        IpFamily.IPV4,
        false,
        List.of(new EndpointPort("http", Protocol.TCP, 8080)),
        list,
        List.of());
  }
}
