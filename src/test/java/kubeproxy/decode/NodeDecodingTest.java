package kubeproxy.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Label;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.ServiceCidr;
import org.junit.jupiter.api.Test;

class NodeDecodingTest {

  @Test
  void everythingThatMattersOfANode() {
    Node node =
        Decoded.of(
                """
                apiVersion: v1
                kind: Node
                metadata:
                  name: node-a
                  deletionTimestamp: "2026-01-01T00:00:00Z"
                  labels: {topology.kubernetes.io/zone: zone-a, kubernetes.io/hostname: node-a}
                spec:
                  podCIDR: 10.244.1.0/24
                  podCIDRs: [10.244.1.0/24, "fd00:244:1::/64"]
                  taints: [{key: a, effect: NoSchedule}, {key: b, value: c, effect: NoExecute}]
                status:
                  addresses:
                  - {type: ExternalIP, address: 192.0.2.1}
                  - {type: Hostname, address: node-a}
                  - {type: InternalIP, address: 10.0.0.1}
                  - {address: "fd00::1", type: InternalIP}
                """)
            .only(Node.class);

    assertThat(node)
        .isEqualTo(
            new Node(
                new ObjectKey("", "node-a"),
                "zone-a",
                List.of(
                    IpAddress.of("10.0.0.1"), IpAddress.of("fd00::1"), IpAddress.of("192.0.2.1")),
                List.of(IpPrefix.of("10.244.1.0/24"), IpPrefix.of("fd00:244:1::/64")),
                true,
                List.of("a", "b"),
                List.of(new Label(Label.HOSTNAME, "node-a"), new Label(Label.ZONE, "zone-a")),
                List.of()));
  }

  @Test
  void aNodeOfBeforeDualStackAndBadTexts() {
    Node node =
        Decoded.of(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: node-a, deletionTimestamp: null, namespace: ignored}
                spec: {podCIDR: 10.244.1.0/24}
                status: {addresses: [{type: InternalIP, address: x}]}
                """)
            .only(Node.class);

    assertThat(node.key()).isEqualTo(new ObjectKey("", "node-a"));
    assertThat(node.zone()).isNull();
    assertThat(node.deleting()).isFalse();
    assertThat(node.podCidrs()).containsExactly(IpPrefix.of("10.244.1.0/24"));
    assertThat(node.problems())
        .extracting(Problem::field)
        .containsExactly("status.addresses[0].address");
  }

  @Test
  void serviceCidr() {
    ServiceCidr cidr =
        Decoded.of(
                """
                apiVersion: networking.k8s.io/v1
                kind: ServiceCIDR
                metadata: {name: kubernetes}
                spec: {cidrs: [10.96.0.0/12, bad]}
                """)
            .only(ServiceCidr.class);

    assertThat(cidr.key()).isEqualTo(new ObjectKey("", "kubernetes"));
    assertThat(cidr.cidrs()).containsExactly(IpPrefix.of("10.96.0.0/12"));
    assertThat(cidr.problems()).extracting(Problem::field).containsExactly("spec.cidrs[1]");
  }
}
