package kubeproxy.plan;

import static kubeproxy.testing.Objects.node;
import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.serviceCidr;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.model.Protocol;
import org.junit.jupiter.api.Test;

/// The text form, with everything that can stand in it.
class PlanTextTest {

  @Test
  void printsEverything() {
    NodePlan plan =
        PlanFixture.plan(
            node(PlanFixture.NODE).addresses("192.168.0.2").build(),
            serviceCidr("kubernetes", "172.30.0.0/16"),
            service("ns1/svc1")
                .clusterIp("172.30.0.41")
                .loadBalancerIps("1.2.3.4")
                .sourceRanges("203.0.113.0/25")
                .externalLocal()
                .healthCheckNodePort(30100)
                .affinity(10800)
                .port("p80", Protocol.TCP, 80, 30080)
                .port("dns", Protocol.UDP, 53)
                .build(),
            slice("ns1/svc1")
                .port("p80", 80)
                .port("dns", Protocol.UDP, 5353)
                .endpoint("10.180.0.1", on(PlanFixture.NODE))
                .endpoint("10.180.1.1", on("node2"))
                .build(),
            service("ns2/svc2")
                .clusterIp("172.30.0.42")
                .port("", 80)
                .internalLocal()
                .externalIps("172.30.0.41", "9.9.9.9")
                .build(),
            slice("ns2/svc2").port("", 80).endpoint("10.180.1.2", on("node2")).build(),
            service("ns2/svc3").problem("spec.clusterIP").build());
    assertThat(PlanText.print(plan))
        .isEqualTo(
            """
            plan IPv4
              masquerade-all no
              local-source 10.0.0.0/8
              node-ports 192.168.0.2
              service-cidrs 172.30.0.0/16
            service ns1/svc1
              cluster-ips 172.30.0.41
              health-check-port 30100
              local-ready 1
              port p80/TCP affinity 10800s
                ClusterIP 172.30.0.41:80 internal 10.180.0.1:80 10.180.1.1:80
                LoadBalancer 1.2.3.4:80 external-local 10.180.0.1:80 of 10.180.0.1:80 10.180.1.1:80
                  allowed 203.0.113.0/25
                NodePort *:30080 external-local 10.180.0.1:80 of 10.180.0.1:80 10.180.1.1:80
                hairpins 10.180.0.1:80
              port dns/UDP affinity 10800s
                ClusterIP 172.30.0.41:53 internal 10.180.0.1:5353 10.180.1.1:5353
                LoadBalancer 1.2.3.4:53 external-local 10.180.0.1:5353 \
            of 10.180.0.1:5353 10.180.1.1:5353
                  allowed 203.0.113.0/25
                hairpins 10.180.0.1:5353
                serving 10.180.0.1:5353 10.180.1.1:5353
            service ns2/svc2
              cluster-ips 172.30.0.42
              port /TCP internal-local
                ClusterIP 172.30.0.42:80 drop
                ExternalIP 9.9.9.9:80 external-cluster 10.180.1.2:80
            problems ns2/svc2
              ADDRESS_CONFLICT Service ns2/svc2 spec.externalIPs "172.30.0.41:80/TCP": \
            belongs to ns1/svc1:p80 (ClusterIP); not served for ns2/svc2
            problems ns2/svc3
              INVALID_VALUE Service ns2/svc3 spec.clusterIP "bad": is bad
            """);
  }

  @Test
  void printsSettings() {
    assertThat(head(new LocalSource.Unknown(), new NodePortAddresses.AllLocal()))
        .contains("local-source unknown\n", "node-ports all-local\n");
    assertThat(head(new LocalSource.FromInterface("br0"), new NodePortAddresses.Only(List.of())))
        .contains("local-source interface \"br0\"\n", "node-ports none\n");
    assertThat(head(new LocalSource.FromInterfacePrefix("veth"), new NodePortAddresses.AllLocal()))
        .contains("local-source interfaces \"veth\"*\n");
  }

  private static String head(LocalSource source, NodePortAddresses nodePorts) {
    NodePlan plan = PlanFixture.plan();
    NodeSettings settings = new NodeSettings(true, source, nodePorts, List.of());
    String text =
        PlanText.print(new NodePlan(plan.family(), settings, plan.services(), plan.problems()));
    assertThat(text).startsWith("plan IPv4\n  masquerade-all yes\n");
    return text;
  }
}
