package kubeproxy.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Label;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServiceType;
import kubeproxy.testing.EndpointTraits;
import kubeproxy.testing.NodeBuilder;
import kubeproxy.testing.Objects;
import kubeproxy.testing.ServiceBuilder;
import kubeproxy.testing.SliceBuilder;

/// Random changes to a small cluster in which everything is contested: a handful of names,
/// addresses and ports for all.
final class RandomCluster {
  private static final int SERVICES = 5;
  private static final List<String> PORT_NAMES = List.of("", "a");
  private static final List<Protocol> PROTOCOLS =
      List.of(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP);
  private static final List<String> ZONES = List.of("", "zone-a", "zone-b");
  private static final List<String> RACKS = List.of("r1", "r2");
  private static final List<String> TOPOLOGY_KEYS =
      List.of(Label.HOSTNAME, Label.ZONE, "rack", "*");
  private static final List<String> NODES = List.of(PlanFixture.NODE, "node2");

  private static final List<ServiceType> TYPES =
      List.of(ServiceType.CLUSTER_IP, ServiceType.NODE_PORT, ServiceType.LOAD_BALANCER);

  private final Random random;

  RandomCluster(Random random) {
    this.random = random;
  }

  /// Up to four changes.
  ClusterDelta delta() {
    Map<ObjectId, Optional<ClusterObject>> changes = new HashMap<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      change(changes);
    }
    return new ClusterDelta(changes);
  }

  /// Addresses of interfaces, different ones from time to time.
  NodeFacts facts() {
    List<IpAddress> addresses = new ArrayList<>();
    for (String text : List.of("127.0.0.1", "192.168.0.2", "192.168.1.2", "2001:db8::1")) {
      if (random.nextInt(4) > 0) {
        addresses.add(IpAddress.of(text));
      }
    }
    return new NodeFacts(addresses);
  }

  private void change(Map<ObjectId, Optional<ClusterObject>> changes) {
    boolean remove = random.nextInt(4) == 0;
    switch (random.nextInt(20)) {
      case 0 -> put(changes, node(), remove);
      case 1 -> put(changes, Objects.serviceCidr("c" + random.nextInt(2), "172.30.0.0/16"), remove);
      case 2, 3, 4, 5, 6, 7, 8, 9 -> put(changes, service(), remove);
      default -> put(changes, slice(), remove);
    }
  }

  private static void put(
      Map<ObjectId, Optional<ClusterObject>> changes, ClusterObject object, boolean remove) {
    changes.put(ObjectId.of(object), remove ? Optional.empty() : Optional.of(object));
  }

  private ClusterObject node() {
    NodeBuilder node = Objects.node(PlanFixture.NODE).zone(one(ZONES)).podCidrs("10.180.0.0/24");
    if (random.nextBoolean()) {
      node.label(Label.HOSTNAME, PlanFixture.NODE).label("rack", one(RACKS));
    }
    if (random.nextBoolean()) {
      node.addresses("192.168.0.2", "2001:db8::1");
    }
    return node.build();
  }

  private ClusterObject service() {
    ServiceBuilder service = Objects.service(serviceKey()).created(random.nextInt(4)).type(type());
    service.clusterIp("172.30.0." + random.nextInt(4));
    if (random.nextInt(3) == 0) {
      service.clusterIp("fd00:172::" + random.nextInt(4));
    }
    int ports = 1 + random.nextInt(3);
    for (int i = 0; i < ports; i++) {
      int nodePort = random.nextBoolean() ? 30000 + random.nextInt(3) : 0;
      service.port(one(PORT_NAMES), one(PROTOCOLS), 80 + random.nextInt(2), nodePort);
    }
    if (random.nextInt(3) == 0) {
      service.externalIps("172.30.0." + random.nextInt(4), "1.2.3." + random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      service.loadBalancerIps("1.2.3." + random.nextInt(3), "172.30.0." + random.nextInt(4));
      service.sourceRanges("192.168.0.0/24", "192.168.0.0/2" + random.nextInt(9), "fd00::/8");
      service.healthCheckNodePort(31000 + random.nextInt(2));
    }
    if (random.nextInt(3) == 0) {
      service.topologyKeys(one(TOPOLOGY_KEYS), one(TOPOLOGY_KEYS));
    }
    policies(service);
    return service.build();
  }

  private ServiceType type() {
    return random.nextInt(10) == 0 ? ServiceType.EXTERNAL_NAME : one(TYPES);
  }

  private void policies(ServiceBuilder service) {
    if (random.nextInt(3) == 0) {
      service.internalLocal();
    }
    if (random.nextInt(3) == 0) {
      service.externalLocal();
    }
    if (random.nextInt(10) == 0) {
      service.foreignProxy();
    }
    if (random.nextInt(10) == 0) {
      service.problem("spec.externalIPs[0]");
    }
  }

  private ClusterObject slice() {
    String name = "slice" + random.nextInt(2 * SERVICES);
    SliceBuilder slice = Objects.slice(serviceKey(), name);
    boolean ipv6 = random.nextInt(4) == 0;
    if (ipv6) {
      slice.ipv6();
    }
    if (random.nextInt(4) == 0) {
      slice.legacy();
    }
    if (random.nextInt(10) == 0) {
      slice.problem("endpoints[0].addresses");
    }
    for (String port : PORT_NAMES) {
      slice.port(port, one(PROTOCOLS), 8080 + random.nextInt(2));
    }
    int endpoints = random.nextInt(5);
    for (int i = 0; i < endpoints; i++) {
      slice.endpoint((ipv6 ? "fd00:10::" : "10.180.0.") + random.nextInt(6), traits());
    }
    return slice.build();
  }

  private EndpointTraits traits() {
    EndpointTraits traits =
        Objects.ready()
            .conditions(random.nextInt(3) > 0, random.nextInt(3) > 0, random.nextInt(3) == 0);
    if (random.nextInt(3) > 0) {
      traits.on(one(NODES));
    }
    if (random.nextInt(3) > 0) {
      traits.forZones(one(ZONES));
    }
    if (random.nextInt(3) > 0) {
      traits.forNodes(one(NODES));
    }
    if (random.nextInt(3) > 0) {
      traits.topology(Label.ZONE, one(ZONES)).topology("rack", one(RACKS));
    }
    return traits;
  }

  private String serviceKey() {
    return "ns/svc" + random.nextInt(SERVICES);
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
