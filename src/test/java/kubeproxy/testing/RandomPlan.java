package kubeproxy.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;

/// A plan that changes at random. Frontends move between a handful of Services, but no two ever
/// have the same one, as the planner promises.
public final class RandomPlan {
  private static final int SERVICES = 6;
  private static final int ADDRESSES = 8;

  private final IpFamily family;
  private final Random random;
  private final int backendLimit;
  private final Map<ObjectKey, PlannedService> services = new TreeMap<>();
  private NodeSettings settings;

  /// @param backendLimit the most backends of a pool
  public RandomPlan(IpFamily family, Random random, int backendLimit) {
    this.family = family;
    this.random = random;
    this.backendLimit = backendLimit;
    this.settings = randomSettings();
  }

  /// The plan now.
  public NodePlan plan() {
    return new NodePlan(
        family,
        settings,
        PersistentMap.<ObjectKey, PlannedService>empty().with(services),
        PersistentMap.<ObjectKey, List<Problem>>empty());
  }

  /// Changes up to three Services, now and then the settings.
  ///
  /// @return what changed
  public PlanDelta step() {
    Set<ObjectKey> changed = new HashSet<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      ObjectKey key = Objects.key("ns/s" + random.nextInt(SERVICES));
      services.remove(key);
      changed.add(key);
      if (random.nextInt(5) > 0) {
        services.put(key, service(key));
      }
    }
    boolean newSettings = random.nextInt(8) == 0;
    if (newSettings) {
      settings = randomSettings();
    }
    return new PlanDelta(changed, newSettings);
  }

  private record Place(String address, Protocol protocol, int port) {}

  private Set<Place> owned() {
    Set<Place> owned = new HashSet<>();
    for (PlannedService service : services.values()) {
      for (PlannedPort port : service.ports()) {
        for (Frontend frontend : port.frontends()) {
          owned.add(place(frontend.address() + "", frontend.protocol(), frontend.port()));
        }
      }
      service.ownedClusterIps().forEach(ip -> owned.add(place("" + ip, Protocol.TCP, 0)));
    }
    return owned;
  }

  private static Place place(String address, Protocol protocol, int port) {
    return new Place(address, protocol, port);
  }

  private PlannedService service(ObjectKey key) {
    Set<Place> owned = owned();
    List<IpAddress> clusterIps = new ArrayList<>();
    IpAddress clusterIp = frontendAddress(random.nextInt(ADDRESSES));
    if (owned.add(place("" + clusterIp, Protocol.TCP, 0))) {
      clusterIps.add(clusterIp);
    }
    List<PlannedPort> ports = new ArrayList<>();
    for (String name : random.nextBoolean() ? List.of("a") : List.of("a", "b")) {
      Protocol protocol = any(List.of(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.SCTP));
      Pool cluster = pool(key, protocol);
      Pool local = subset(cluster);
      List<Frontend> frontends = new ArrayList<>();
      for (FrontendKind kind : FrontendKind.values()) {
        if (random.nextInt(3) > 0) {
          frontend(kind, protocol, cluster, local, owned, frontends);
        }
      }
      List<Backend> hairpins = name.equals("a") ? local.backends() : List.of();
      int affinity = any(List.of(0, 0, 60, 10_800));
      ServicePortName portName = new ServicePortName(key, name, protocol);
      ports.add(new PlannedPort(portName, affinity, frontends, hairpins, List.of()));
    }
    return new PlannedService(key, ports, clusterIps, 0, 0);
  }

  private void frontend(
      FrontendKind kind,
      Protocol protocol,
      Pool cluster,
      Pool local,
      Set<Place> owned,
      List<Frontend> frontends) {
    boolean nodePort = kind == FrontendKind.NODE_PORT;
    IpAddress address = nodePort ? null : frontendAddress(random.nextInt(ADDRESSES));
    int port = (nodePort ? 30_000 : 80) + random.nextInt(3);
    if (owned.add(place(address + "", protocol, port))) {
      boolean ranges = kind == FrontendKind.LOAD_BALANCER && random.nextBoolean();
      Treatment treatment = treatment(kind, cluster, local);
      List<IpPrefix> sources = ranges ? sources() : List.of();
      frontends.add(new Frontend(kind, address, protocol, port, treatment, sources));
    }
  }

  private Treatment treatment(FrontendKind kind, Pool cluster, Pool local) {
    if (cluster.isEmpty()) {
      return new Treatment.Reject();
    }
    if (kind == FrontendKind.CLUSTER_IP) {
      return random.nextInt(8) == 0 ? new Treatment.Drop() : new Treatment.Internal(cluster);
    }
    return random.nextBoolean()
        ? new Treatment.ExternalCluster(cluster)
        : new Treatment.ExternalLocal(local, cluster);
  }

  /// Backends of a Service and protocol are its own, because hairpins have one owner each.
  private Pool pool(ObjectKey key, Protocol protocol) {
    int number = key.name().charAt(1) - '0';
    int count = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(backendLimit);
    TreeSet<Backend> backends = new TreeSet<>();
    while (backends.size() < count) {
      int index = random.nextInt(backendLimit + backendLimit / 2 + 1);
      String text =
          family == IpFamily.IPV4
              ? "10." + (10 + number) + "." + index / 250 + "." + (1 + index % 250)
              : "fd00:10:" + number + "::" + Integer.toHexString(index + 1);
      backends.add(new Backend(IpAddress.of(text), 8000 + protocol.number()));
    }
    return count == 0 ? Pool.EMPTY : new Pool(List.copyOf(backends));
  }

  private Pool subset(Pool pool) {
    return new Pool(pool.backends().stream().filter(_ -> random.nextInt(3) == 0).toList());
  }

  private IpAddress frontendAddress(int number) {
    return IpAddress.of(
        family == IpFamily.IPV4 ? "172.30.0." + (number + 1) : "fd00:172::" + (number + 1));
  }

  private List<IpPrefix> sources() {
    List<String> disjoint =
        family == IpFamily.IPV4
            ? List.of("10.0.0.0/25", "10.0.0.128/25", "192.168.0.0/16", "203.0.113.7/32")
            : List.of("fd01::/64", "fd02::/17", "fd03::7/128");
    List<IpPrefix> chosen =
        disjoint.stream().filter(_ -> random.nextBoolean()).map(IpPrefix::of).toList();
    String wide = family == IpFamily.IPV4 ? "10.0.0.0/24" : "fd01::/48";
    return chosen.isEmpty() ? List.of(IpPrefix.of(wide)) : chosen;
  }

  private NodeSettings randomSettings() {
    boolean ipv4 = family == IpFamily.IPV4;
    LocalSource source =
        any(
            List.of(
                new LocalSource.Unknown(),
                new LocalSource.FromPrefix(IpPrefix.of(ipv4 ? "10.0.0.0/8" : "fd00:10::/32")),
                new LocalSource.FromInterface("cni0"),
                new LocalSource.FromInterfacePrefix("veth")));
    List<IpAddress> addresses =
        IntStream.range(1, 1 + random.nextInt(3))
            .mapToObj(i -> IpAddress.of((ipv4 ? "192.0.2." : "2001:db8::") + i))
            .toList();
    NodePortAddresses nodePorts =
        random.nextBoolean()
            ? new NodePortAddresses.AllLocal()
            : new NodePortAddresses.Only(addresses);
    List<IpPrefix> cidrs =
        random.nextBoolean()
            ? List.of()
            : List.of(IpPrefix.of(ipv4 ? "172.30.0.0/16" : "fd00:172::/112"));
    return new NodeSettings(random.nextInt(3) == 0, source, nodePorts, cidrs);
  }

  private <T> T any(List<? extends T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
