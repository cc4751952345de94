package kubeproxy.nftables.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.Slots;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;
import kubeproxy.testing.Golden;
import kubeproxy.testing.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of one Service, one behaviour each.
class FragmentGoldenTest {
  private static final ObjectKey WEB = Objects.key("ns/web");
  private static final Pool CLUSTER = pool("10.1.0.", 3);
  private static final Pool LOCAL = pool("10.1.0.", 1);
  private static final List<IpPrefix> EVERYBODY = List.of();

  private static Pool pool(String prefix, int count) {
    return new Pool(
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> new Backend(IpAddress.of(prefix + i), 8080))
            .toList());
  }

  private static PlannedService service(int affinity, List<Backend> hairpins, Frontend... ports) {
    ServicePortName name = new ServicePortName(WEB, "http", Protocol.TCP);
    PlannedPort port = new PlannedPort(name, affinity, List.of(ports), hairpins, List.of());
    List<IpAddress> clusterIps =
        Stream.of(ports)
            .filter(frontend -> frontend.kind() == FrontendKind.CLUSTER_IP)
            .map(Frontend::address)
            .filter(java.util.Objects::nonNull)
            .toList();
    return new PlannedService(WEB, List.of(port), clusterIps, 0, 0);
  }

  private static Frontend frontend(
      FrontendKind kind, @Nullable String address, Treatment treatment, List<IpPrefix> sources) {
    IpAddress parsed = address == null ? null : IpAddress.of(address);
    int port = address == null ? 30080 : 80;
    return new Frontend(kind, parsed, Protocol.TCP, port, treatment, sources);
  }

  private static Frontend clusterIp(Treatment treatment) {
    return frontend(FrontendKind.CLUSTER_IP, "172.30.0.1", treatment, EVERYBODY);
  }

  private static Frontend nodePort(Treatment treatment) {
    return frontend(FrontendKind.NODE_PORT, null, treatment, EVERYBODY);
  }

  private static Frontend externalIp(Treatment treatment) {
    return frontend(FrontendKind.EXTERNAL_IP, "1.2.3.4", treatment, EVERYBODY);
  }

  private static Frontend loadBalancer(Treatment treatment, String... ranges) {
    return frontend(FrontendKind.LOAD_BALANCER, "5.6.7.8", treatment, Objects.prefixes(ranges));
  }

  static Stream<Arguments> services() {
    Treatment internal = new Treatment.Internal(CLUSTER);
    Treatment cluster = new Treatment.ExternalCluster(CLUSTER);
    Treatment local = new Treatment.ExternalLocal(LOCAL, CLUSTER);
    Treatment noLocal = new Treatment.ExternalLocal(Pool.EMPTY, CLUSTER);
    List<Backend> none = List.of();
    Pool six = pool("fd00:10::", 2);
    return Stream.of(
        Arguments.of("cluster-ip", service(0, none, clusterIp(internal))),
        Arguments.of("node-port", service(0, none, nodePort(cluster))),
        Arguments.of("node-port-local", service(0, none, nodePort(local))),
        Arguments.of("external-ip-cluster", service(0, none, externalIp(cluster))),
        Arguments.of("external-ip-local", service(0, none, externalIp(local))),
        Arguments.of("external-ip-without-local", service(0, none, externalIp(noLocal))),
        Arguments.of(
            "load-balancer-ranges",
            service(0, none, loadBalancer(cluster, "10.0.0.0/8", "203.0.113.7/32"))),
        Arguments.of(
            "load-balancer-reject-ranges",
            service(0, none, loadBalancer(new Treatment.Reject(), "10.0.0.0/8"))),
        Arguments.of("reject", service(0, none, clusterIp(new Treatment.Reject()))),
        Arguments.of("drop", service(0, none, clusterIp(new Treatment.Drop()))),
        Arguments.of("node-port-reject", service(0, none, nodePort(new Treatment.Reject()))),
        Arguments.of("affinity", service(10_800, none, clusterIp(internal))),
        Arguments.of("affinity-node-port-local", service(60, none, nodePort(local))),
        Arguments.of("hairpin", service(0, LOCAL.backends(), clusterIp(internal))),
        Arguments.of(
            "ipv6",
            service(
                60,
                six.backends(),
                frontend(
                    FrontendKind.CLUSTER_IP, "fd00:172::1", new Treatment.Internal(six), EVERYBODY),
                frontend(
                    FrontendKind.LOAD_BALANCER,
                    "2001:db8::1",
                    new Treatment.ExternalLocal(six, six),
                    Objects.prefixes("fd01::/64")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("services")
  void fragments(String name, PlannedService service) {
    IpFamily family = name.equals("ipv6") ? IpFamily.IPV6 : IpFamily.IPV4;
    Fragment fragment = new FragmentCompiler(family).compile(service);
    assertThat(new FragmentCompiler(family).compile(service)).isEqualTo(fragment);
    Golden.check("nftables/fragment/" + name + ".txt", text(family, fragment));
  }

  private static String text(IpFamily family, Fragment fragment) {
    StringBuilder text = new StringBuilder();
    for (Element element : fragment.elements()) {
      line(text, element.set().text(), ProgramText.element(family, element));
    }
    for (Slots slots : fragment.slots()) {
      for (int i = 0; i < slots.backends().size(); i++) {
        Element element = ProgramText.slotElement(family, slots, i);
        line(text, slots.set().text(), ProgramText.element(family, element));
      }
    }
    fragment.shapes().stream()
        .map(ShapeChain::chain)
        .sorted()
        .forEach(chain -> line(text, "chain", chain));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String content) {
    text.append(what).append(": ").append(content).append('\n');
  }
}
