package kubeproxy.plan;

import static kubeproxy.testing.Objects.key;
import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceType;
import kubeproxy.testing.ServiceBuilder;
import kubeproxy.testing.SliceBuilder;
import org.junit.jupiter.api.Test;

/// What becomes of packets, by traffic policy and state of the endpoints.
class TreatmentTest {
  private static final String HERE = PlanFixture.NODE;

  private static ServiceBuilder balanced() {
    return service("ns/web")
        .clusterIp("172.30.0.1")
        .loadBalancerIps("1.2.3.4")
        .port("http", Protocol.TCP, 80, 30080);
  }

  private static SliceBuilder pods() {
    return slice("ns/web").port("http", 80);
  }

  private static SliceBuilder oneHereOneThere() {
    return pods().endpoint("10.0.0.1", on(HERE)).endpoint("10.0.1.1", on("node2"));
  }

  @Test
  void clusterPolicies() {
    assertThat(PlanFixture.frontends(balanced().build(), oneHereOneThere().build()))
        .containsExactly(
            "ClusterIP 172.30.0.1:80 internal 10.0.0.1:80 10.0.1.1:80",
            "LoadBalancer 1.2.3.4:80 external-cluster 10.0.0.1:80 10.0.1.1:80",
            "NodePort *:30080 external-cluster 10.0.0.1:80 10.0.1.1:80");
  }

  @Test
  void externalLocal() {
    Service service = balanced().externalLocal().externalIps("9.9.9.9").build();
    assertThat(PlanFixture.frontends(service, oneHereOneThere().build()))
        .containsExactly(
            "ClusterIP 172.30.0.1:80 internal 10.0.0.1:80 10.0.1.1:80",
            "LoadBalancer 1.2.3.4:80 external-local 10.0.0.1:80 of 10.0.0.1:80 10.0.1.1:80",
            "ExternalIP 9.9.9.9:80 external-local 10.0.0.1:80 of 10.0.0.1:80 10.0.1.1:80",
            "NodePort *:30080 external-local 10.0.0.1:80 of 10.0.0.1:80 10.0.1.1:80");
  }

  @Test
  void internalLocal() {
    assertThat(PlanFixture.frontends(balanced().internalLocal().build(), oneHereOneThere().build()))
        .containsExactly(
            "ClusterIP 172.30.0.1:80 internal 10.0.0.1:80",
            "LoadBalancer 1.2.3.4:80 external-cluster 10.0.0.1:80 10.0.1.1:80",
            "NodePort *:30080 external-cluster 10.0.0.1:80 10.0.1.1:80");
  }

  @Test
  void bothLocalWithoutLocalEndpoints() {
    assertThat(
            PlanFixture.frontends(
                balanced().internalLocal().externalLocal().build(),
                pods().endpoint("10.0.1.1", on("node2")).build()))
        .containsExactly(
            "ClusterIP 172.30.0.1:80 drop",
            "LoadBalancer 1.2.3.4:80 external-local of 10.0.1.1:80",
            "NodePort *:30080 external-local of 10.0.1.1:80");
  }

  @Test
  void withoutEndpointsEverythingIsRefused() {
    Service service = balanced().internalLocal().externalLocal().build();
    assertThat(PlanFixture.frontends(service))
        .hasSize(3)
        .allMatch(line -> line.endsWith(" reject"));
    assertThat(PlanFixture.frontends(service, pods().endpoint("10.0.0.1", on(HERE).gone()).build()))
        .hasSize(3)
        .allMatch(line -> line.endsWith(" reject"));
  }

  @Test
  void externalLocalHasNoEffectOnAPlainClusterIp() {
    Service plain =
        service("ns/web")
            .clusterIp("172.30.0.1")
            .port("http", 80)
            .externalLocal()
            .loadBalancerIps("1.2.3.4")
            .type(ServiceType.CLUSTER_IP)
            .build();
    assertThat(PlanFixture.frontends(plain, oneHereOneThere().build()))
        .contains("LoadBalancer 1.2.3.4:80 external-cluster 10.0.0.1:80 10.0.1.1:80");
  }

  @Test
  void externalLocalHasEffectOnAClusterIpWithExternalIps() {
    Service service =
        service("ns/web")
            .clusterIp("172.30.0.1")
            .port("http", 80)
            .externalLocal()
            .externalIps("9.9.9.9")
            .build();
    assertThat(PlanFixture.frontends(service, oneHereOneThere().build()))
        .contains("ExternalIP 9.9.9.9:80 external-local 10.0.0.1:80 of 10.0.0.1:80 10.0.1.1:80");
  }

  @Test
  void terminatingEndpointsWithLocalPolicy() {
    Service service = balanced().externalLocal().build();
    SliceBuilder dying =
        pods()
            .endpoint("10.0.0.2", on(HERE).terminating())
            .endpoint("10.0.0.3", on(HERE).terminating())
            .endpoint("10.0.0.4", on(HERE).gone());
    assertThat(PlanFixture.frontends(service, dying.endpoint("10.0.1.5", on("node2")).build()))
        .contains(
            "ClusterIP 172.30.0.1:80 internal 10.0.1.5:80",
            "LoadBalancer 1.2.3.4:80 external-local 10.0.0.2:80 10.0.0.3:80 of 10.0.1.5:80");
    assertThat(
            PlanFixture.frontends(
                service, pods().endpoint("10.0.1.5", on("node2").terminating()).build()))
        .contains(
            "ClusterIP 172.30.0.1:80 internal 10.0.1.5:80",
            "LoadBalancer 1.2.3.4:80 external-local of 10.0.1.5:80");
  }

  @Test
  void terminatingEndpointsWithClusterPolicy() {
    SliceBuilder dying =
        pods()
            .endpoint("10.0.0.2", on(HERE).terminating())
            .endpoint("10.0.0.4", on(HERE).gone())
            .endpoint("10.0.1.5", on("node2").terminating());
    assertThat(PlanFixture.frontends(balanced().build(), dying.build()))
        .contains(
            "ClusterIP 172.30.0.1:80 internal 10.0.0.2:80 10.0.1.5:80",
            "LoadBalancer 1.2.3.4:80 external-cluster 10.0.0.2:80 10.0.1.5:80");
  }

  @Test
  void hairpinsAreReachableEndpointsHere() {
    assertThat(hairpins(balanced().build(), oneHereOneThere())).isEqualTo("[hairpins 10.0.0.1:80]");
    // Unready endpoints are never sent to; terminating ones here are, under the policy Local.
    SliceBuilder dying =
        pods()
            .endpoint("10.0.0.1", on(HERE).unready())
            .endpoint("10.0.0.2", on(HERE).terminating())
            .endpoint("10.0.1.1", on("node2"));
    assertThat(hairpins(balanced().build(), dying)).isEqualTo("[]");
    assertThat(hairpins(balanced().externalLocal().build(), dying))
        .isEqualTo("[hairpins 10.0.0.2:80]");
  }

  private static String hairpins(Service service, SliceBuilder slice) {
    return PlanFixture.lines(PlanFixture.plan(service, slice.build()), "hairpins").toString();
  }

  @Test
  void servingIsForUdpAndKnowsNoNodeNorReadiness() {
    ServiceBuilder dns =
        service("ns/web").clusterIp("172.30.0.1").port("dns", Protocol.UDP, 53).internalLocal();
    SliceBuilder pods =
        slice("ns/web")
            .port("dns", Protocol.UDP, 53)
            .port("dns", Protocol.TCP, 53)
            .endpoint("10.0.0.1", on(HERE))
            .endpoint("10.0.0.2", on(HERE).gone())
            .endpoint("10.0.1.1", on("node2").terminating())
            .endpoint("10.0.1.2", on("node2").conditions(false, true, false));
    NodePlan plan = PlanFixture.plan(dns.port("dns", Protocol.TCP, 53).build(), pods.build());
    assertThat(PlanFixture.lines(plan, "serving"))
        .containsExactly("serving 10.0.0.1:53 10.0.1.1:53 10.0.1.2:53");
  }

  @Test
  void equalListsAreOneObject() {
    NodePlan plan =
        PlanFixture.plan(
            balanced().externalLocal().build(), pods().endpoint("10.0.0.1", on(HERE)).build());
    PlannedPort port = PlanFixture.service(plan, key("ns/web")).ports().getFirst();
    Treatment.ExternalLocal external =
        (Treatment.ExternalLocal) port.frontends().getLast().treatment();
    assertThat(external.local()).isSameAs(external.cluster());
    assertThat(port.hairpins()).isSameAs(external.cluster().backends());
  }
}
