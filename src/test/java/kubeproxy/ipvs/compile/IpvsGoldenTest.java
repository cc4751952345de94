package kubeproxy.ipvs.compile;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.RuleText;
import kubeproxy.ipvs.program.FragmentText;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Frontend;
import kubeproxy.plan.FrontendKind;
import kubeproxy.plan.LocalSource;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedPort;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Pool;
import kubeproxy.plan.ServicePortName;
import kubeproxy.plan.Treatment;
import kubeproxy.testing.EveryShape;
import kubeproxy.testing.Golden;
import kubeproxy.testing.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of one Service, one behaviour each, and the rules, which depend on none.
class IpvsGoldenTest {
  private static final ObjectKey WEB = Objects.key("ns/web");
  private static final Pool CLUSTER = pool("10.1.0.", 3);
  private static final Pool LOCAL = pool("10.1.0.", 1);
  private static final List<IpPrefix> EVERYBODY = List.of();
  private static final NodeView NODE =
      new NodeView(
          settings(new LocalSource.Unknown(), false),
          Stream.of("127.0.0.1", "192.0.2.1", "192.0.2.2").map(IpAddress::of).toList());

  private static NodeSettings settings(LocalSource source, boolean masqueradeAll) {
    return new NodeSettings(
        masqueradeAll, source, new NodePortAddresses.AllLocal(), Objects.prefixes("172.30.0.0/16"));
  }

  private static Pool pool(String prefix, int count) {
    return new Pool(
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> new Backend(IpAddress.of(prefix + i), 8080))
            .toList());
  }

  private static PlannedService service(
      Protocol protocol, int affinity, List<Backend> hairpins, Frontend... frontends) {
    ServicePortName name = new ServicePortName(WEB, "http", protocol);
    PlannedPort port = new PlannedPort(name, affinity, List.of(frontends), hairpins, List.of());
    return new PlannedService(WEB, List.of(port), List.of(), 0, 0);
  }

  private static PlannedService service(Frontend... frontends) {
    return service(Protocol.TCP, 0, List.of(), frontends);
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

  private static Frontend externalIp(String address, Treatment treatment) {
    return frontend(FrontendKind.EXTERNAL_IP, address, treatment, EVERYBODY);
  }

  private static Frontend loadBalancer(Treatment treatment, String... ranges) {
    return frontend(FrontendKind.LOAD_BALANCER, "5.6.7.8", treatment, Objects.prefixes(ranges));
  }

  static Stream<Arguments> services() {
    Treatment internal = new Treatment.Internal(CLUSTER);
    Treatment cluster = new Treatment.ExternalCluster(CLUSTER);
    Treatment local = new Treatment.ExternalLocal(LOCAL, CLUSTER);
    Treatment noLocal = new Treatment.ExternalLocal(Pool.EMPTY, CLUSTER);
    Treatment reject = new Treatment.Reject();
    Frontend sctp =
        new Frontend(FrontendKind.NODE_PORT, null, Protocol.SCTP, 30080, local, EVERYBODY);
    PlannedService balanced = service(loadBalancer(local));
    PlannedService health = new PlannedService(WEB, balanced.ports(), List.of(), 32000, 1);
    return Stream.of(
        Arguments.of("cluster-ip", service(clusterIp(internal))),
        Arguments.of("cluster-ip-drop", service(clusterIp(new Treatment.Drop()))),
        Arguments.of("cluster-ip-reject", service(clusterIp(reject))),
        Arguments.of("affinity", service(Protocol.TCP, 10800, List.of(), clusterIp(internal))),
        Arguments.of("hairpin", service(Protocol.TCP, 0, LOCAL.backends(), clusterIp(internal))),
        Arguments.of("external-ip", service(externalIp("1.2.3.4", cluster))),
        Arguments.of("external-ip-local", service(externalIp("1.2.3.4", local))),
        Arguments.of("external-ip-without-local", service(externalIp("1.2.3.4", noLocal))),
        Arguments.of("external-ip-of-node", service(externalIp("192.0.2.2", cluster))),
        Arguments.of("load-balancer", service(loadBalancer(cluster))),
        Arguments.of("load-balancer-local-health", health),
        Arguments.of(
            "load-balancer-ranges", service(loadBalancer(cluster, "203.0.113.0/25", "5.6.7.8/32"))),
        Arguments.of("node-port", service(nodePort(cluster))),
        Arguments.of("node-port-reject", service(nodePort(reject))),
        Arguments.of("node-port-local", service(nodePort(local))),
        Arguments.of("node-port-without-local", service(nodePort(noLocal))),
        Arguments.of("node-port-sctp-local", service(Protocol.SCTP, 0, List.of(), sctp)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("services")
  void service(String name, PlannedService service) {
    var compiler = new FragmentCompiler(new CompileOptions(IpFamily.IPV4, "rr", 1 << 14));
    Golden.check(
        "ipvs/fragment/" + name + ".txt",
        FragmentText.print(IpFamily.IPV4, compiler.compile(service, NODE)));
  }

  @ParameterizedTest
  @EnumSource
  void rules(IpFamily family) {
    CompileOptions options = new CompileOptions(family, "rr", 1 << 14);
    RuleCompiler compiler = new RuleCompiler(options);
    StringBuilder text = new StringBuilder();
    RuleText printer = new RuleText(family);
    for (PlacedRule jump : RuleCompiler.jumps()) {
      text.append(jump.table().text()).append(' ');
      text.append(printer.print(jump.chain(), jump.rule())).append('\n');
    }
    String[] names = {"unknown", "prefix", "interface", "interface prefix"};
    int number = 0;
    for (LocalSource source : EveryShape.sources(family)) {
      text.append("\nlocal source: ").append(names[number++]).append('\n');
      append(text, printer, compiler.chains(settings(source, number > 3)));
    }
    Golden.check("ipvs/rules-" + family.label() + ".txt", text.toString());
  }

  private static void append(StringBuilder text, RuleText printer, List<ChainRules> chains) {
    for (ChainRules chain : chains) {
      text.append(chain.table().text()).append(' ').append(chain.chain()).append('\n');
      chain
          .rules()
          .forEach(
              rule -> text.append("  ").append(printer.print(chain.chain(), rule)).append('\n'));
    }
  }
}
