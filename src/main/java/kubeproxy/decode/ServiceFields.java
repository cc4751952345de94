package kubeproxy.decode;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.LoadBalancerIngress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/// core/v1 Service. What the API server would fill in by default is filled in here too, so that
/// objects written by hand work.
final class ServiceFields extends ObjectFields {
  private static final String HEADLESS = "None";
  private static final int DEFAULT_AFFINITY_SECONDS = 10_800;
  private static final int MAX_AFFINITY_SECONDS = 86_400;

  private ServiceType serviceType = ServiceType.CLUSTER_IP;
  private boolean headless;
  private @Nullable IpAddress clusterIp;

  /// In the order of the text; null where a text is no address.
  private final List<@Nullable IpAddress> clusterIps = new ArrayList<>(2);

  private final List<IpFamily> ipFamilies = new ArrayList<>(2);
  private final List<ServicePort> ports = new ArrayList<>(2);
  private final List<IpAddress> externalIps = new ArrayList<>(0);
  private final List<LoadBalancerIngress> ingress = new ArrayList<>(0);
  private final List<IpPrefix> sourceRanges = new ArrayList<>(0);
  private TrafficPolicy internalPolicy = TrafficPolicy.CLUSTER;
  private TrafficPolicy externalPolicy = TrafficPolicy.CLUSTER;
  private boolean clientIpAffinity;
  private int affinitySeconds = DEFAULT_AFFINITY_SECONDS;
  private int healthCheckNodePort;
  private final List<String> topologyKeys = new ArrayList<>(0);

  ServiceFields(Interner interner) {
    super(ResourceType.SERVICE, interner);
  }

  @Override
  void readOwn(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "spec" -> Expect.fields(in, field -> readSpec(field, in));
      case "status" -> Expect.fields(in, field -> readStatus(field, in));
      default -> in.skip();
    }
  }

  private void readSpec(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "type" -> serviceType = serviceType(in);
      case "clusterIP" -> clusterIp = clusterIp(in);
      case "clusterIPs" -> Expect.items(in, () -> clusterIps.add(clusterIp(in)));
      case "ipFamilies" -> Expect.items(in, () -> ipFamilies.add(family(in)));
      case "ports" -> Expect.items(in, () -> readPort(in));
      case "externalIPs" -> Expect.items(in, () -> readExternalIp(in));
      case "loadBalancerSourceRanges" -> addPrefixes(in, sourceRanges);
      case "internalTrafficPolicy" -> internalPolicy = policy(in);
      case "externalTrafficPolicy" -> externalPolicy = policy(in);
      case "sessionAffinity" -> clientIpAffinity = affinity(in);
      case "sessionAffinityConfig" -> Expect.fields(in, field -> readAffinityConfig(field, in));
      case "healthCheckNodePort" -> healthCheckNodePort = optionalPort(in);
      case "topologyKeys" ->
          Expect.items(in, () -> topologyKeys.add(interner.text(Expect.text(in))));
      default -> in.skip();
    }
  }

  private static ServiceType serviceType(TokenReader in) throws MalformedInput {
    return switch (Expect.text(in)) {
      case "", "ClusterIP" -> ServiceType.CLUSTER_IP;
      case "NodePort" -> ServiceType.NODE_PORT;
      case "LoadBalancer" -> ServiceType.LOAD_BALANCER;
      case "ExternalName" -> ServiceType.EXTERNAL_NAME;
      default -> throw in.malformed("must be ClusterIP, NodePort, LoadBalancer or ExternalName");
    };
  }

  private @Nullable IpAddress clusterIp(TokenReader in) throws MalformedInput {
    String text = Expect.text(in);
    if (text.equals(HEADLESS)) {
      headless = true;
      return null;
    }
    return text.isBlank() ? null : address(text, in, "");
  }

  private static IpFamily family(TokenReader in) throws MalformedInput {
    return switch (Expect.text(in)) {
      case "IPv4" -> IpFamily.IPV4;
      case "IPv6" -> IpFamily.IPV6;
      default -> throw in.malformed("must be IPv4 or IPv6");
    };
  }

  private static TrafficPolicy policy(TokenReader in) throws MalformedInput {
    return switch (Expect.text(in)) {
      case "", "Cluster" -> TrafficPolicy.CLUSTER;
      case "Local" -> TrafficPolicy.LOCAL;
      default -> throw in.malformed("must be Cluster or Local");
    };
  }

  private static boolean affinity(TokenReader in) throws MalformedInput {
    return switch (Expect.text(in)) {
      case "", "None" -> false;
      case "ClientIP" -> true;
      default -> throw in.malformed("must be ClientIP or None");
    };
  }

  private void readAffinityConfig(String key, TokenReader in) throws MalformedInput {
    if (key.equals("clientIP")) {
      Expect.fields(in, field -> readClientIpConfig(field, in));
    } else {
      in.skip();
    }
  }

  private void readClientIpConfig(String key, TokenReader in) throws MalformedInput {
    if (!key.equals("timeoutSeconds")) {
      in.skip();
      return;
    }
    Integer seconds = Expect.optionalNumber(in);
    if (seconds == null) {
      return;
    }
    if (seconds >= 1 && seconds <= MAX_AFFINITY_SECONDS) {
      affinitySeconds = seconds;
      return;
    }
    String message =
        "must be from 1 to " + MAX_AFFINITY_SECONDS + "; " + DEFAULT_AFFINITY_SECONDS + " is used";
    problems.invalid(in.field(), String.valueOf(seconds), message);
  }

  private void readPort(TokenReader in) throws MalformedInput {
    PortFields port = new PortFields();
    Expect.fields(in, key -> port.read(key, in));
    if (isPort(port.port)) {
      ports.add(new ServicePort(port.name, port.protocol, port.port, port.nodePort));
    } else {
      String written = String.valueOf(port.port);
      problems.invalid(in.field() + ".port", written, "is no port number; the port is left out");
    }
  }

  private final class PortFields {
    private String name = "";
    private Protocol protocol = Protocol.TCP;
    private int port;
    private int nodePort;

    void read(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "name" -> name = interner.text(Expect.text(in));
        case "protocol" -> protocol = protocol(in);
        case "port" -> port = Expect.number(in);
        case "nodePort" -> nodePort = optionalPort(in);
        default -> in.skip();
      }
    }
  }

  private void readExternalIp(TokenReader in) throws MalformedInput {
    String text = Expect.text(in);
    if (text.isBlank()) {
      return;
    }
    IpAddress address = address(text, in, "");
    if (address != null) {
      externalIps.add(address);
    }
  }

  private void readStatus(String key, TokenReader in) throws MalformedInput {
    if (key.equals("loadBalancer")) {
      Expect.fields(in, field -> readLoadBalancer(field, in));
    } else {
      in.skip();
    }
  }

  private void readLoadBalancer(String key, TokenReader in) throws MalformedInput {
    if (key.equals("ingress")) {
      Expect.items(in, () -> readIngress(in));
    } else {
      in.skip();
    }
  }

  private void readIngress(TokenReader in) throws MalformedInput {
    IngressFields entry = new IngressFields();
    Expect.fields(in, key -> entry.read(key, in));
    if (entry.ip.isBlank()) {
      return;
    }
    IpAddress address = address(entry.ip, in, ".ip");
    if (address != null) {
      ingress.add(new LoadBalancerIngress(address, entry.proxied));
    }
  }

  private static final class IngressFields {
    private String ip = "";
    private boolean proxied;

    void read(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "ip" -> ip = Expect.text(in);
        case "ipMode" ->
            proxied =
                switch (Expect.text(in)) {
                  case "", "VIP" -> false;
                  case "Proxy" -> true;
                  default -> throw in.malformed("must be VIP or Proxy");
                };
        default -> in.skip();
      }
    }
  }

  @Override
  void emit(ObjectSink sink) {
    ObjectKey key = metadata.namespacedKey();
    List<IpAddress> addresses = new ArrayList<>(2);
    List<IpFamily> families = new ArrayList<>(2);
    if (headless) {
      clusterIps.clear();
    }
    pairFamilies(addresses, families);
    sink.object(
        new Service(
            key,
            metadata.uid(),
            metadata.createdMillis,
            serviceType,
            headless,
            clusterIp == null && !addresses.isEmpty() ? addresses.getFirst() : clusterIp,
            addresses,
            interner.list(families),
            interner.list(ports),
            externalIps,
            ingress,
            sourceRanges,
            internalPolicy,
            externalPolicy,
            clientIpAffinity ? affinitySeconds : 0,
            healthCheckNodePort,
            interner.list(topologyKeys),
            metadata.foreignProxy,
            problemsOf(key)));
  }

  /// Takes the cluster IPs that are addresses, each with the family at the same index, so that one
  /// bad text does not give its neighbour a wrong family. Families that are not written at all are
  /// those of the addresses.
  private void pairFamilies(List<IpAddress> addresses, List<IpFamily> families) {
    for (int i = 0; i < clusterIps.size(); i++) {
      IpAddress address = clusterIps.get(i);
      if (address == null) {
        continue;
      }
      addresses.add(address);
      if (ipFamilies.isEmpty()) {
        families.add(address.family());
      } else if (i < ipFamilies.size()) {
        families.add(ipFamilies.get(i));
      }
    }
    for (int i = clusterIps.size(); i < ipFamilies.size(); i++) {
      families.add(ipFamilies.get(i));
    }
  }
}
