package kubeproxy.testing.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;

/// A node with everything that matters to it, made of network namespaces:
///
/// ```
///   outside 203.0.113.2, .130, .11-.34 --+           +-- eth0 192.168.0.2 -- node
///                                        +-- router -+-- eth1 192.168.1.2 ----+
///   far     10.180.1.1-.5, and whatever -+                                    |
///           the node leaves untranslated        pod 10.0.0.2 -- br0 ----------+
///                                               10.180.0.1-.5 -- veth1-veth5 -+
/// ```
///
/// Every address has an IPv6 counterpart. Service addresses are routed to the node. A packet to one
/// that leaves the node untranslated ends in `far`, where every such address is local: what a proxy
/// does not serve is seen there instead of being waited for. What the far pods send goes through
/// the node, so that a flow works whether or not its source was rewritten, and the servers report
/// which it was.
///
/// Made once per process and removed when the process ends. One that a killed process left behind
/// is removed first.
public final class Topology {

  /// How many pods the node has, and the far side: the upstream fixtures count to five.
  private static final int PODS = 5;

  /// First of the outside addresses that make up the crowd.
  private static final int CROWD_FIRST = 11;

  /// So many that two endpoints chosen at random both appear but once in eight million runs.
  private static final int CROWD_SIZE = 24;

  /// "Discard", which nobody offers.
  private static final int UNUSED_PORT = 9;

  /// What the node's own addresses are for packets that stay on it or come from it.
  private static final List<String> NODE_ADDRESSES =
      List.of(
          "192.168.0.2",
          "192.168.1.2",
          "2001:db8::1",
          "2001:db8:1::2",
          "127.0.0.1",
          "::1",
          "10.180.0.254",
          "fd00:10:180::fe",
          "10.0.0.1",
          "fd00:10::fe");

  /// Where cluster IPs, load balancer addresses and external IPs come from.
  private static final List<String> SERVICE_PREFIXES =
      List.of(
          "172.30.0.0/16",
          "1.2.3.4/32",
          "5.6.7.8/32",
          "9.10.11.12/32",
          "192.168.99.0/24",
          "fd00:172:30::/64",
          "fd00:1:2:3::4/128",
          "fd00:5:6:7::8/128",
          "fd00:9:10:11::12/128",
          "fd00:192:168:99::/64");

  private final NetworkNamespace node;
  private final NetworkNamespace router;
  private final NetworkNamespace outside;
  private final NetworkNamespace far;
  private final NetworkNamespace pod;
  private final List<NetworkNamespace> endpoints;
  private final Map<IpAddress, NetworkNamespace> owners = new LinkedHashMap<>();
  private final List<IpPrefix> servicePrefixes =
      SERVICE_PREFIXES.stream().map(IpPrefix::of).toList();

  private Topology() {
    removeLeftovers();
    String prefix = NetworkNamespace.namePrefix();
    List<NetworkNamespace> all =
        NetworkNamespace.createAll(
            Stream.concat(
                    Stream.of("node", "router", "outside", "far", "pod"),
                    IntStream.rangeClosed(1, PODS).mapToObj(i -> "ep" + i))
                .map(name -> prefix + name)
                .toList());
    node = all.get(0);
    router = all.get(1);
    outside = all.get(2);
    far = all.get(3);
    pod = all.get(4);
    endpoints = all.subList(5, all.size());
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> all.forEach(NetworkNamespace::close), "topology-end"));
    all.forEach(Topology::setKernelLimits);
    Command.run(List.of("ip", "-batch", "-"), String.join("\n", links()));
    node.ip(nodeLines());
    router.ip(routerLines());
    router.ip6(
        List.of(
            "rule add iif near0 lookup 100",
            "rule add iif near1 lookup 100",
            "rule add iif far0 lookup 200"));
    outside.ip(outsideLines());
    far.ip(farLines());
    // IPv4 lets a server bind to any address of a local route; IPv6 wants to be told.
    far.open(() -> setSysctl("ipv6/ip_nonlocal_bind", "1"));
    pod.ip(
        List.of(
            "addr add 10.0.0.2/24 dev eth0",
            "addr add fd00:10::2/64 dev eth0 nodad",
            "link set eth0 up",
            "route add default via 10.0.0.1",
            "route add default via fd00:10::fe"));
    for (int i = 1; i <= PODS; i++) {
      endpoints.get(i - 1).ip(endpointLines(i));
    }
    nameOwners();
    waitUntilEverybodyReachesTheNode();
  }

  /// The one of this process.
  public static Topology get() {
    return Once.TOPOLOGY;
  }

  /// The node itself, where the proxy under test runs.
  public NetworkNamespace node() {
    return node;
  }

  /// Where packets that the node neither serves nor refuses end.
  public NetworkNamespace far() {
    return far;
  }

  /// The namespace in which a packet to `address` is delivered when nobody translates it.
  public Optional<NetworkNamespace> owner(IpAddress address) {
    NetworkNamespace owner = owners.get(address);
    if (owner == null && servicePrefixes.stream().anyMatch(prefix -> prefix.contains(address))) {
      return Optional.of(far);
    }
    return Optional.ofNullable(owner);
  }

  /// Whether the node has this address.
  public boolean ownedByNode(IpAddress address) {
    return node.equals(owners.get(address));
  }

  /// Many addresses of the outside, in both families: clients that differ in nothing else.
  public List<IpAddress> crowd() {
    return Stream.concat(crowdTexts("203.0.113."), crowdTexts("2600:5200::"))
        .map(IpAddress::of)
        .toList();
  }

  /// Gives the node one more address, on its loopback interface.
  public void addNodeAddress(IpAddress address) {
    node.ip(List.of("addr add " + address + " dev lo"));
    owners.put(address, node);
  }

  /// Takes back what [#addNodeAddress] gave.
  public void removeNodeAddress(IpAddress address) {
    node.ip(List.of("addr del " + address + "/" + address.family().bits() + " dev lo"));
    owners.remove(address);
  }

  private static void removeLeftovers() {
    Path names = Path.of("/run/netns");
    if (!Files.isDirectory(names)) {
      return;
    }
    try (Stream<Path> files = Files.list(names)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("kp[0-9]+-.*"))
          .filter(name -> !Files.exists(Path.of("/proc", name.substring(2, name.indexOf('-')))))
          .forEach(name -> Command.run(List.of("ip", "netns", "del", name), ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Forwarding, no opinion about where sources come from, and no limit on refusals: with the
  /// default limit of ICMP errors a refused connection looks like a lost one.
  private static void setKernelLimits(NetworkNamespace namespace) {
    namespace.open(() -> {
      setSysctl("ipv4/ip_forward", "1");
      setSysctl("ipv6/conf/all/forwarding", "1");
      for (String which : List.of("all", "default")) {
        setSysctl("ipv4/conf/" + which + "/rp_filter", "0");
        setSysctl("ipv4/conf/" + which + "/send_redirects", "0");
        setSysctl("ipv4/conf/" + which + "/accept_redirects", "0");
        setSysctl("ipv6/conf/" + which + "/accept_redirects", "0");
        setSysctl("ipv6/conf/" + which + "/accept_ra", "0");
      }
      setSysctl("ipv4/icmp_ratelimit", "0");
      setSysctl("ipv4/icmp_ratemask", "0");
      setSysctl("ipv6/icmp/ratelimit", "0");
      // Per namespace only since Linux 6.9; elsewhere the shared limit is far away.
      if (Files.exists(Path.of("/proc/sys/net/ipv4/icmp_msgs_per_sec"))) {
        setSysctl("ipv4/icmp_msgs_per_sec", "1000000");
        setSysctl("ipv4/icmp_msgs_burst", "1000000");
      }
      return namespace;
    });
  }

  private static Path setSysctl(String name, String value) throws IOException {
    return Files.writeString(Path.of("/proc/sys/net", name), value);
  }

  private List<String> links() {
    var lines = new ArrayList<String>();
    lines.add(link(router, "near0", node, "eth0"));
    lines.add(link(router, "near1", node, "eth1"));
    lines.add(link(router, "out0", outside, "eth0"));
    lines.add(link(router, "far0", far, "eth0"));
    lines.add(link(node, "brpod", pod, "eth0"));
    for (int i = 1; i <= PODS; i++) {
      lines.add(link(node, "veth" + i, endpoints.get(i - 1), "eth0"));
    }
    return lines;
  }

  private static String link(
      NetworkNamespace here, String name, NetworkNamespace there, String nameThere) {
    return "link add %s netns %s type veth peer name %s netns %s"
        .formatted(name, here.name(), nameThere, there.name());
  }

  private static List<String> nodeLines() {
    var lines =
        new ArrayList<>(
            List.of(
                "addr add 192.168.0.2/24 dev eth0",
                "addr add 2001:db8::1/64 dev eth0 nodad",
                "addr add 192.168.1.2/24 dev eth1",
                "addr add 2001:db8:1::2/64 dev eth1 nodad",
                "link set eth0 up",
                "link set eth1 up",
                "route add default via 192.168.0.1",
                "route add default via 2001:db8::fe",
                "link add br0 type bridge mcast_snooping 0",
                "link set brpod master br0",
                "addr add 10.0.0.1/24 dev br0",
                "addr add fd00:10::fe/64 dev br0 nodad",
                "link set brpod up",
                "link set br0 up"));
    for (int i = 1; i <= PODS; i++) {
      lines.add("addr add 10.180.0.254/32 dev veth" + i);
      lines.add("addr add fd00:10:180::fe/128 dev veth" + i + " nodad");
      lines.add("link set veth" + i + " up");
      lines.add("route add 10.180.0." + i + " dev veth" + i);
      lines.add("route add fd00:10:180::" + i + " dev veth" + i);
    }
    return lines;
  }

  private static List<String> routerLines() {
    var lines =
        new ArrayList<>(
            List.of(
                "addr add 192.168.0.1/24 dev near0",
                "addr add 2001:db8::fe/64 dev near0 nodad",
                "addr add 192.168.1.1/24 dev near1",
                "addr add 2001:db8:1::fe/64 dev near1 nodad",
                "addr add 203.0.113.1/24 dev out0",
                "addr add 2600:5200::fe/64 dev out0 nodad",
                "addr add 10.180.1.254/24 dev far0",
                "addr add fd00:10:180:1::fe/64 dev far0 nodad",
                "link set near0 up",
                "link set near1 up",
                "link set out0 up",
                "link set far0 up",
                "route add 10.180.0.0/24 via 192.168.0.2",
                "route add 10.0.0.0/24 via 192.168.0.2",
                "route add fd00:10:180::/64 via 2001:db8::1",
                "route add fd00:10::/64 via 2001:db8::1",
                "rule add iif near0 lookup 100",
                "rule add iif near1 lookup 100",
                "rule add iif far0 lookup 200",
                "route add default via 192.168.0.2 table 200",
                "route add default via 2001:db8::1 table 200"));
    for (String prefix : SERVICE_PREFIXES) {
      boolean six = prefix.contains(":");
      lines.add("route add " + prefix + " via " + (six ? "2001:db8::1" : "192.168.0.2"));
      lines.add(
          "route add "
              + prefix
              + " via "
              + (six ? "fd00:10:180:1::1" : "10.180.1.1")
              + " table 100");
    }
    return lines;
  }

  private static List<String> outsideLines() {
    var lines =
        new ArrayList<>(
            List.of(
                "addr add 203.0.113.2/24 dev eth0",
                "addr add 203.0.113.130/24 dev eth0",
                "addr add 2600:5200::1/64 dev eth0 nodad",
                "addr add 2600:5200::130/64 dev eth0 nodad"));
    crowdTexts("203.0.113.").forEach(text -> lines.add("addr add " + text + "/24 dev eth0"));
    crowdTexts("2600:5200::").forEach(text -> lines.add("addr add " + text + "/64 dev eth0 nodad"));
    lines.add("link set eth0 up");
    lines.add("route add default via 203.0.113.1");
    lines.add("route add default via 2600:5200::fe");
    return lines;
  }

  private static List<String> farLines() {
    var lines = new ArrayList<String>();
    for (int i = 1; i <= PODS; i++) {
      lines.add("addr add 10.180.1." + i + "/24 dev eth0");
      lines.add("addr add fd00:10:180:1::" + i + "/64 dev eth0 nodad");
    }
    lines.add("link set eth0 up");
    lines.add("route add default via 10.180.1.254");
    lines.add("route add default via fd00:10:180:1::fe");
    SERVICE_PREFIXES.forEach(prefix -> lines.add("route add local " + prefix + " dev lo"));
    return lines;
  }

  private static List<String> endpointLines(int i) {
    return List.of(
        "addr add 10.180.0." + i + "/32 dev eth0",
        "addr add fd00:10:180::" + i + "/128 dev eth0 nodad",
        "link set eth0 up",
        "route add default via 10.180.0.254 dev eth0 onlink",
        "route add default via fd00:10:180::fe dev eth0 onlink");
  }

  private void nameOwners() {
    NODE_ADDRESSES.forEach(text -> owners.put(IpAddress.of(text), node));
    Stream.of("203.0.113.2", "203.0.113.130", "2600:5200::1", "2600:5200::130")
        .forEach(text -> owners.put(IpAddress.of(text), outside));
    crowd().forEach(address -> owners.put(address, outside));
    Stream.of("10.0.0.2", "fd00:10::2").forEach(text -> owners.put(IpAddress.of(text), pod));
    for (int i = 1; i <= PODS; i++) {
      owners.put(IpAddress.of("10.180.0." + i), endpoints.get(i - 1));
      owners.put(IpAddress.of("fd00:10:180::" + i), endpoints.get(i - 1));
      owners.put(IpAddress.of("10.180.1." + i), far);
      owners.put(IpAddress.of("fd00:10:180:1::" + i), far);
    }
  }

  /// A link takes up to a second to be usable for IPv6 after it was set up: the kernel tells its
  /// parts about such events once a second. Nobody listens at the port that is asked, and to be
  /// told so is proof that packets go there and back.
  private void waitUntilEverybodyReachesTheNode() {
    owners.forEach((source, namespace) -> {
      if (namespace != node) {
        nodeAddresses(source.family()).forEach(address -> waitForRefusal(source, address));
      }
    });
  }

  private static Stream<IpAddress> nodeAddresses(IpFamily family) {
    return switch (family) {
      case IPV4 -> Stream.of("192.168.0.2", "192.168.1.2").map(IpAddress::of);
      case IPV6 -> Stream.of("2001:db8::1", "2001:db8:1::2").map(IpAddress::of);
    };
  }

  private void waitForRefusal(IpAddress source, IpAddress destination) {
    NetworkNamespace namespace = owner(source).orElseThrow();
    try (Flow flow = Flow.open(namespace, source, destination, UNUSED_PORT, Protocol.UDP)) {
      Verdict verdict = flow.ask(Traffic.FOR_AN_ANSWER);
      if (!verdict.equals(new Verdict.Refused())) {
        throw new IllegalStateException(source + " to " + destination + ": " + verdict);
      }
    }
  }

  private static Stream<String> crowdTexts(String prefix) {
    return IntStream.range(CROWD_FIRST, CROWD_FIRST + CROWD_SIZE).mapToObj(i -> prefix + i);
  }

  private static final class Once {
    static final Topology TOPOLOGY = new Topology();
  }
}
