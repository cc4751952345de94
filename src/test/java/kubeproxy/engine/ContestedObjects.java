package kubeproxy.engine;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.NodeFacts;
import kubeproxy.testing.EndpointTraits;
import kubeproxy.testing.NodeBuilder;
import kubeproxy.testing.Objects;
import kubeproxy.testing.ServiceBuilder;
import kubeproxy.testing.SliceBuilder;

/// Random Services of every kind, of a few names, that want the same few addresses and ports.
final class ContestedObjects {
  static final String NODE = "node1";
  private static final int SERVICES = 6;
  private static final List<Protocol> PROTOCOLS =
      List.of(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private final Random random;

  ContestedObjects(Random random) {
    this.random = random;
  }

  ObjectKey serviceKey() {
    return Objects.key(name());
  }

  private String name() {
    return "ns/s" + random.nextInt(SERVICES);
  }

  ClusterObject any() {
    return switch (random.nextInt(12)) {
      case 0 -> node();
      case 1, 2, 3, 4 -> service();
      default -> slice();
    };
  }

  NodeFacts facts() {
    List<IpAddress> addresses =
        IntStream.range(1, 1 + random.nextInt(3))
            .mapToObj(i -> IpAddress.of((random.nextBoolean() ? "192.0.2." : "2001:db8::") + i))
            .sorted()
            .toList();
    return new NodeFacts(addresses);
  }

  private ClusterObject node() {
    NodeBuilder node = Objects.node(NODE).addresses("192.0.2.1", "2001:db8::1");
    node.podCidrs("10." + random.nextInt(3) + ".0.0/16", "fd00:" + random.nextInt(3) + "::/64");
    return node.build();
  }

  private ClusterObject service() {
    ServiceBuilder service = Objects.service(name()).created(random.nextInt(4));
    service.clusterIp("172.30.0." + random.nextInt(4));
    service.clusterIp("fd00:172::" + random.nextInt(4));
    int ports = 1 + random.nextInt(2);
    for (int i = 0; i < ports; i++) {
      int nodePort = random.nextBoolean() ? 30_000 + random.nextInt(4) : 0;
      service.port("p" + i, PROTOCOLS.get(random.nextInt(4)), 80 + random.nextInt(2), nodePort);
    }
    if (random.nextInt(3) == 0) {
      service.externalIps("1.2.3." + random.nextInt(3), "2001:db8:1::" + random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      service.loadBalancerIps("1.2.3." + random.nextInt(3), "2001:db8:1::" + random.nextInt(3));
      if (random.nextBoolean()) {
        service.sourceRanges("192.168.0.0/2" + random.nextInt(9), "10.0.0.0/8", "fd01::/64");
      }
    }
    if (random.nextInt(3) == 0) {
      service.externalLocal();
    }
    if (random.nextInt(3) == 0) {
      service.affinity(random.nextBoolean() ? 60 : 10_800);
    }
    return service.build();
  }

  private ClusterObject slice() {
    boolean ipv6 = random.nextBoolean();
    String service = name();
    SliceBuilder slice =
        Objects.slice(service, service.substring(3) + (ipv6 ? "-v6-" : "-v4-") + random.nextInt(2));
    if (ipv6) {
      slice.ipv6();
    }
    for (int i = 0; i < 2; i++) {
      for (Protocol protocol : Protocol.values()) {
        slice.port("p" + i, protocol, 8080 + i);
      }
    }
    int endpoints = random.nextInt(7);
    for (int i = 0; i < endpoints; i++) {
      EndpointTraits traits = Objects.on(random.nextInt(3) == 0 ? NODE : "node2");
      slice.endpoint((ipv6 ? "fd00:10::" : "10.0.0.") + (1 + random.nextInt(9)), traits);
    }
    return slice.build();
  }
}
