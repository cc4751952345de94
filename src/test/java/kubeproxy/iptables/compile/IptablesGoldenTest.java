package kubeproxy.iptables.compile;

import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.prefixes;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kubeproxy.iptables.diff.Desired;
import kubeproxy.iptables.diff.DiffOptions;
import kubeproxy.iptables.diff.FullDiff;
import kubeproxy.iptables.diff.Proposal;
import kubeproxy.iptables.diff.Totals;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServiceType;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import kubeproxy.plan.PlannedService;
import kubeproxy.plan.Planner;
import kubeproxy.testing.Golden;
import kubeproxy.testing.ServiceBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a node is given to restore where nothing was: by Service, one behaviour each, and for the
/// six Services of upstream's own test with everything around them.
class IptablesGoldenTest {
  private static final int MARK = 0x4000;
  private static final DetectLocal POD_CIDR =
      new DetectLocal.ByClusterCidr(prefixes("10.0.0.0/8", "fd00:10::/64"));
  private static final NodePortChoice ALL = new NodePortChoice.InCidrs(List.of());
  private static final NodeFacts FACTS =
      new NodeFacts(
          Stream.of("127.0.0.1", "192.168.0.2", "2001:db8::1").map(IpAddress::of).toList());

  private static PlanConfig config(IpFamily family, DetectLocal detect, NodePortChoice choice) {
    return new PlanConfig(family, "test-node", false, detect, choice, true);
  }

  private static NodePlan plan(PlanConfig config, ClusterObject... objects) {
    ClusterSnapshot snapshot =
        ClusterSnapshot.EMPTY.apply(ClusterDelta.ofPut(List.of(objects))).snapshot();
    return new Planner(config).update(snapshot, FACTS, ClusterChange.NONE).plan();
  }

  private static String input(CompileOptions options, NodePlan plan) {
    return proposal(options, plan).input().toString();
  }

  private static Proposal proposal(CompileOptions options, NodePlan plan) {
    Map<ObjectKey, @Nullable PlannedService> services = new HashMap<>();
    plan.services().forEach(services::put);
    return FullDiff.between(
        Compilers.of(options),
        DiffOptions.LEGACY,
        SavedTables.NOTHING,
        new Desired(plan.settings(), services),
        true);
  }

  @Test
  void everything() {
    CompileOptions options = new CompileOptions(IpFamily.IPV4, MARK, true, true, true, true, true);
    NodePlan plan = plan(config(IpFamily.IPV4, POD_CIDR, ALL), sixServices());
    Golden.check("iptables/everything.txt", input(options, plan));
    // as many as upstream counts
    Totals totals = proposal(options, plan).totals();
    assertThat(totals.filterRules()).isEqualTo(10);
    assertThat(totals.natRules()).isEqualTo(55);
  }

  private static ClusterObject[] sixServices() {
    return new ClusterObject[] {
      service("ns1/svc1").clusterIp("172.30.0.41").port("p80", 80).build(),
      slice("ns1/svc1").port("p80", 80).endpoints("10.180.0.1").build(),
      service("ns2/svc2")
          .type(ServiceType.LOAD_BALANCER)
          .clusterIp("172.30.0.42")
          .port("p80", Protocol.TCP, 80, 3001)
          .externalIps("192.168.99.22")
          .loadBalancerIps("1.2.3.4")
          .externalLocal()
          .healthCheckNodePort(30000)
          .build(),
      slice("ns2/svc2").port("p80", 80).endpoints("10.180.0.2").build(),
      service("ns3/svc3")
          .type(ServiceType.NODE_PORT)
          .clusterIp("172.30.0.43")
          .port("p80", Protocol.TCP, 80, 3003)
          .build(),
      slice("ns3/svc3").port("p80", 80).endpoints("10.180.0.3").build(),
      service("ns4/svc4")
          .type(ServiceType.NODE_PORT)
          .clusterIp("172.30.0.44")
          .port("p80", 80)
          .externalIps("192.168.99.33")
          .build(),
      slice("ns4/svc4")
          .port("p80", 80)
          .endpoint("10.180.0.4", on("other"))
          .endpoint("10.180.0.5", on("test-node"))
          .build(),
      service("ns5/svc5")
          .type(ServiceType.LOAD_BALANCER)
          .clusterIp("172.30.0.45")
          .port("p80", Protocol.TCP, 80, 3002)
          .loadBalancerIps("5.6.7.8")
          .sourceRanges("203.0.113.0/25")
          .affinity(10800)
          .build(),
      slice("ns5/svc5").port("p80", 80).endpoints("10.180.0.3").build(),
      service("ns6/svc6").clusterIp("172.30.0.46").port("p80", 80).build(),
    };
  }

  static Stream<Arguments> settings() {
    NodePortChoice some = new NodePortChoice.InCidrs(prefixes("192.168.0.0/24", "127.0.0.1/32"));
    CompileOptions plain = CompileOptions.of(IpFamily.IPV4, MARK);
    CompileOptions six = CompileOptions.of(IpFamily.IPV6, 1 << 31);
    CompileOptions localhost =
        new CompileOptions(IpFamily.IPV4, MARK, true, true, true, false, false);
    CompileOptions liberal =
        new CompileOptions(IpFamily.IPV4, MARK, false, false, false, false, false);
    return Stream.of(
        Arguments.of("defaults", plain, config(IpFamily.IPV4, POD_CIDR, ALL)),
        Arguments.of("ipv6", six, config(IpFamily.IPV6, POD_CIDR, ALL)),
        Arguments.of("node-port-addresses", plain, config(IpFamily.IPV4, POD_CIDR, some)),
        Arguments.of("localhost", localhost, config(IpFamily.IPV4, POD_CIDR, some)),
        Arguments.of("liberal", liberal, config(IpFamily.IPV4, POD_CIDR, ALL)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void nodes(String name, CompileOptions options, PlanConfig config) {
    Golden.check("iptables/node/" + name + ".txt", input(options, plan(config)));
  }

  static Stream<Arguments> services() {
    var balanced =
        List.of(
            slice("ns/web")
                .port("http", 8080)
                .endpoint("10.180.0.1", on("test-node"))
                .endpoint("10.180.1.1", on("other"))
                .endpoint("10.180.1.2", on("other"))
                .build());
    return Stream.of(
        Arguments.of("affinity", POD_CIDR, balanced, web().affinity(60).build()),
        Arguments.of("internal-local", POD_CIDR, balanced, web().internalLocal().build()),
        Arguments.of("external-local", POD_CIDR, balanced, external().externalLocal().build()),
        Arguments.of(
            "both-local", POD_CIDR, balanced, external().externalLocal().internalLocal().build()),
        Arguments.of("external", POD_CIDR, balanced, external().build()),
        Arguments.of(
            "source-ranges",
            POD_CIDR,
            balanced,
            external().sourceRanges("203.0.113.0/25", "192.168.0.0/24").build()),
        Arguments.of("no-endpoints", POD_CIDR, List.of(), external().internalLocal().build()),
        Arguments.of(
            "local-unknown",
            new DetectLocal.ByClusterCidr(List.of()),
            balanced,
            external().externalLocal().build()),
        Arguments.of(
            "bridge",
            new DetectLocal.ByBridge("br0"),
            balanced,
            external().externalLocal().build()),
        Arguments.of(
            "interface-prefix",
            new DetectLocal.ByInterfacePrefix("veth"),
            balanced,
            external().externalLocal().build()));
  }

  private static ServiceBuilder web() {
    return service("ns/web").clusterIp("172.30.0.41").port("http", 80);
  }

  private static ServiceBuilder external() {
    return service("ns/web")
        .type(ServiceType.LOAD_BALANCER)
        .clusterIp("172.30.0.41")
        .port("http", Protocol.TCP, 80, 30080)
        .loadBalancerIps("1.2.3.4", "5.6.7.8")
        .externalIps("192.168.99.11");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("services")
  void services(
      String name, DetectLocal detect, List<ClusterObject> slices, ClusterObject service) {
    PlanConfig config = config(IpFamily.IPV4, detect, ALL);
    List<ClusterObject> objects = Stream.concat(slices.stream(), Stream.of(service)).toList();
    CompileOptions options = CompileOptions.of(IpFamily.IPV4, MARK);
    List<String> without = input(options, plan(config)).lines().toList();
    String own =
        input(options, plan(config, objects.toArray(new ClusterObject[0])))
            .lines()
            .filter(line -> !without.contains(line))
            .map(line -> line + "\n")
            .reduce("", String::concat);
    Golden.check("iptables/service/" + name + ".txt", own);
  }
}
