package kubeproxy.plan;

import static kubeproxy.testing.Objects.node;
import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Node;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceType;
import kubeproxy.testing.ServiceBuilder;
import org.junit.jupiter.api.Test;

/// Which addresses and ports of a Service object the node answers for.
class TranslationTest {
  private static ServiceBuilder web() {
    return service("ns/web").port("http", 80);
  }

  private static List<String> frontends(IpFamily family, Service service) {
    return PlanFixture.frontends(PlanFixture.plan(PlanFixture.config(family), service));
  }

  @Test
  void someServicesAreNotCarried() {
    assertThat(PlanFixture.text(web().build())).isEmpty();
    assertThat(PlanFixture.text(web().headless().build())).isEmpty();
    assertThat(PlanFixture.text(web().clusterIp("172.30.0.1").headless().build())).isEmpty();
    assertThat(
            PlanFixture.text(web().clusterIp("172.30.0.1").type(ServiceType.EXTERNAL_NAME).build()))
        .isEmpty();
    assertThat(PlanFixture.text(web().clusterIp("172.30.0.1").foreignProxy().build())).isEmpty();
    assertThat(PlanFixture.text(service("ns/portless").clusterIp("172.30.0.1").build())).isEmpty();
  }

  @Test
  void everyPortHasAFrontend() {
    Service service =
        web().port("metrics", 8080).port("dns", Protocol.UDP, 53).clusterIp("172.30.0.1").build();
    assertThat(PlanFixture.text(service))
        .isEqualTo(
            """
            service ns/web
              cluster-ips 172.30.0.1
              port http/TCP
                ClusterIP 172.30.0.1:80 reject
              port metrics/TCP
                ClusterIP 172.30.0.1:8080 reject
              port dns/UDP
                ClusterIP 172.30.0.1:53 reject
            """);
  }

  @Test
  void legacyClusterIpBelongsToItsOwnFamily() {
    Service legacy4 = web().legacyClusterIp("172.30.0.1").build();
    Service legacy6 = web().legacyClusterIp("fd00:172::1").build();
    assertThat(frontends(IpFamily.IPV4, legacy4)).containsExactly("ClusterIP 172.30.0.1:80 reject");
    assertThat(frontends(IpFamily.IPV6, legacy4)).isEmpty();
    assertThat(frontends(IpFamily.IPV4, legacy6)).isEmpty();
    assertThat(frontends(IpFamily.IPV6, legacy6))
        .containsExactly("ClusterIP [fd00:172::1]:80 reject");
  }

  @Test
  void familiesChooseAmongClusterIps() {
    Service dual4 = web().clusterIp("172.30.0.1").clusterIp("fd00:172::1").build();
    Service dual6 = web().clusterIp("fd00:172::1").clusterIp("172.30.0.1").build();
    for (Service dual : List.of(dual4, dual6)) {
      assertThat(frontends(IpFamily.IPV4, dual)).containsExactly("ClusterIP 172.30.0.1:80 reject");
      assertThat(frontends(IpFamily.IPV6, dual))
          .containsExactly("ClusterIP [fd00:172::1]:80 reject");
    }
    assertThat(frontends(IpFamily.IPV6, web().clusterIp("172.30.0.1").build())).isEmpty();
  }

  @Test
  void familiesWithoutClusterIpsGiveNone() {
    Service service = web().legacyClusterIp("172.30.0.1").families(IpFamily.IPV4).build();
    assertThat(frontends(IpFamily.IPV4, service)).isEmpty();
  }

  @Test
  void anUnparsedClusterIpDoesNotShiftTheOther() {
    Service service =
        web().clusterIp("fd00:172::1").families(IpFamily.IPV4).families(IpFamily.IPV6).build();
    assertThat(frontends(IpFamily.IPV4, service)).isEmpty();
    assertThat(frontends(IpFamily.IPV6, service)).hasSize(1);
  }

  @Test
  void addressesOfOtherFamiliesAreLeftOut() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .clusterIp("fd00:172::1")
            .externalIps("192.168.99.1", "2001:db8:99::1")
            .loadBalancerIps("1.2.3.4", "2001:db8:1::4")
            .build();
    assertThat(frontends(IpFamily.IPV4, service))
        .containsExactly(
            "ClusterIP 172.30.0.1:80 reject",
            "LoadBalancer 1.2.3.4:80 reject",
            "ExternalIP 192.168.99.1:80 reject");
    assertThat(frontends(IpFamily.IPV6, service))
        .containsExactly(
            "ClusterIP [fd00:172::1]:80 reject",
            "LoadBalancer [2001:db8:1::4]:80 reject",
            "ExternalIP [2001:db8:99::1]:80 reject");
  }

  @Test
  void frontendsAreSortedWithinTheirKind() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .port("node", Protocol.TCP, 81, 30081)
            .externalIps("9.9.9.9", "9.9.9.10", "2.2.2.2")
            .build();
    assertThat(PlanFixture.frontends(service))
        .endsWith(
            "ClusterIP 172.30.0.1:81 reject",
            "ExternalIP 2.2.2.2:81 reject",
            "ExternalIP 9.9.9.9:81 reject",
            "ExternalIP 9.9.9.10:81 reject",
            "NodePort *:30081 reject");
  }

  @Test
  void ofOneAddressDeclaredTwiceTheFirstKindCounts() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .loadBalancerIps("172.30.0.1", "1.2.3.4", "1.2.3.4")
            .externalIps("1.2.3.4", "172.30.0.1", "9.9.9.9", "9.9.9.9")
            .build();
    NodePlan plan = PlanFixture.plan(service);
    assertThat(PlanFixture.frontends(plan))
        .containsExactly(
            "ClusterIP 172.30.0.1:80 reject",
            "LoadBalancer 1.2.3.4:80 reject",
            "ExternalIP 9.9.9.9:80 reject");
    assertThat(plan.problems().size()).isZero();
  }

  @Test
  void proxiedLoadBalancerAddressesAreNotCaptured() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .loadBalancerIps("5.6.7.8")
            .proxiedLoadBalancerIp("1.2.3.4")
            .build();
    assertThat(PlanFixture.frontends(service))
        .containsExactly("ClusterIP 172.30.0.1:80 reject", "LoadBalancer 5.6.7.8:80 reject");
  }

  @Test
  void loadBalancerStatusCountsWhateverTheType() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .loadBalancerIps("1.2.3.4")
            .type(ServiceType.CLUSTER_IP)
            .build();
    assertThat(PlanFixture.frontends(service)).contains("LoadBalancer 1.2.3.4:80 reject");
  }

  @Test
  void externalIpsCanBeSwitchedOff() {
    Service service = web().clusterIp("172.30.0.1").externalIps("9.9.9.9").build();
    assertThat(PlanFixture.frontends(PlanFixture.plan(PlanFixture.withoutExternalIps(), service)))
        .containsExactly("ClusterIP 172.30.0.1:80 reject");
  }

  @Test
  void affinityIsCarried() {
    Service service = web().clusterIp("172.30.0.1").affinity(10800).build();
    assertThat(PlanFixture.text(service)).contains("port http/TCP affinity 10800s\n");
  }

  @Test
  void theHealthPortIsForLoadBalancersWithLocalPolicy() {
    ServiceBuilder base = web().clusterIp("172.30.0.1").healthCheckNodePort(31000);
    assertThat(PlanFixture.text(base.type(ServiceType.NODE_PORT).externalLocal().build()))
        .doesNotContain("health-check-port");
    assertThat(PlanFixture.text(base.type(ServiceType.LOAD_BALANCER).build()))
        .contains("health-check-port 31000\n");
    Service cluster =
        web()
            .clusterIp("172.30.0.1")
            .type(ServiceType.LOAD_BALANCER)
            .healthCheckNodePort(31000)
            .build();
    assertThat(PlanFixture.text(cluster)).doesNotContain("health-check-port");
  }

  @Test
  void localReadyEndpointsAreCountedOnceForAllPorts() {
    Service service = web().port("metrics", 8080).clusterIp("172.30.0.1").build();
    EndpointSlice slice =
        slice("ns/web")
            .port("http", 80)
            .port("metrics", 8080)
            .endpoint("10.0.0.1", on(PlanFixture.NODE))
            .endpoint("10.0.0.2", on(PlanFixture.NODE).terminating())
            .endpoint("10.0.0.3", on("node2"))
            .build();
    assertThat(PlanFixture.text(service, slice)).contains("  local-ready 1\n");
  }

  @Test
  void aRepeatedPortIsAProblem() {
    Service service = web().port("http", 81).clusterIp("172.30.0.1").build();
    NodePlan plan = PlanFixture.plan(service);
    assertThat(PlanFixture.frontends(plan)).containsExactly("ClusterIP 172.30.0.1:80 reject");
    assertThat(PlanFixture.lines(plan, "INVALID_VALUE"))
        .singleElement()
        .asString()
        .contains("spec.ports[1].name \"http\"");
  }

  @Test
  void sourceRangesAreOfTheFamilyAndDisjoint() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .loadBalancerIps("1.2.3.4")
            .externalIps("9.9.9.9")
            .sourceRanges("203.0.113.0/25", "192.168.0.0/24", "192.168.0.128/25", "fd00::/8")
            .build();
    assertThat(PlanFixture.text(service))
        .contains(
            """
                LoadBalancer 1.2.3.4:80 reject
                  allowed 192.168.0.0/24 203.0.113.0/25
                ExternalIP 9.9.9.9:80 reject
            """);
  }

  @Test
  void aRangeWithTheNodeLetsTheAddressesThemselvesIn() {
    Service service =
        web()
            .clusterIp("172.30.0.1")
            .loadBalancerIps("5.6.7.8", "1.2.3.4", "192.168.0.77")
            .sourceRanges("192.168.0.0/24")
            .build();
    Node inside = node(PlanFixture.NODE).addresses("192.168.0.2").build();
    Node outside = node(PlanFixture.NODE).addresses("192.168.1.2").build();
    assertThat(PlanFixture.lines(PlanFixture.plan(service, inside), "allowed"))
        .containsOnly("allowed 1.2.3.4/32 5.6.7.8/32 192.168.0.0/24");
    assertThat(PlanFixture.lines(PlanFixture.plan(service, outside), "allowed"))
        .containsOnly("allowed 192.168.0.0/24");
  }

  @Test
  void rangesThatRestrictNobody() {
    for (String ranges : List.of("fd00::/8", "0.0.0.0/0", "203.0.113.7/0")) {
      Service service =
          web()
              .clusterIp("172.30.0.1")
              .loadBalancerIps("1.2.3.4")
              .sourceRanges("fd00::/8", ranges)
              .build();
      assertThat(PlanFixture.lines(PlanFixture.plan(service), "allowed")).as(ranges).isEmpty();
    }
    Service otherZero =
        web()
            .clusterIp("172.30.0.1")
            .loadBalancerIps("1.2.3.4")
            .sourceRanges("::/0", "203.0.113.0/25")
            .build();
    assertThat(PlanFixture.lines(PlanFixture.plan(otherZero), "allowed"))
        .containsExactly("allowed 203.0.113.0/25");
  }
}
