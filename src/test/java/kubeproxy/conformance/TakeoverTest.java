package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.Verdict;
import kubeproxy.testing.net.Verdict.Reached;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A process that starts where another one, ours or upstream's, has been before.
@Tag("kernel")
class TakeoverTest {

  /// As upstream kube-proxy lays out its table, for one Service with two endpoints.
  private static final String UPSTREAM =
      """
      add table ip kube-proxy { comment "rules for kube-proxy" ; }
      table ip kube-proxy {
        set cluster-ips { type ipv4_addr; comment "Active ClusterIPs"; elements = { 172.30.0.41 } }
        set nodeport-ips { type ipv4_addr; elements = { 192.168.0.2 } }
        set hairpin-connections {
          type ipv4_addr . ipv4_addr . inet_proto . inet_service
          elements = { 10.180.0.1 . 10.180.0.1 . tcp . 80 }
        }
        set affinity-ULMVA6XW-ns1/old/tcp/http__10.180.0.1/80 {
          type ipv4_addr
          flags dynamic,timeout
          timeout 3h
        }
        map firewall-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
        map no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict; }
        map no-endpoint-nodeports { type inet_proto . inet_service : verdict; }
        map service-ips {
          type ipv4_addr . inet_proto . inet_service : verdict
          comment "ClusterIP, ExternalIP and LoadBalancer IP traffic"
          elements = { 172.30.0.41 . tcp . 80 comment "ns1/web:http" : goto %1$s }
        }
        map service-nodeports { type inet_proto . inet_service : verdict; }
        chain filter-forward {
          type filter hook forward priority 0; policy accept;
          ct state new jump cluster-ips-check
        }
        chain filter-output { type filter hook output priority 0; policy accept; }
        chain filter-prerouting-pre-dnat {
          type filter hook prerouting priority -110; policy accept;
          ct state new jump firewall-check
        }
        chain nat-prerouting { type nat hook prerouting priority -100; jump services; }
        chain nat-output { type nat hook output priority -100; jump services; }
        chain nat-postrouting { type nat hook postrouting priority 100; jump masquerading; }
        chain masquerading {
          mark & 0x00004000 != 0 mark set mark ^ 0x00004000 masquerade fully-random
        }
        chain cluster-ips-check { ip daddr @cluster-ips reject; }
        chain firewall-check { ip daddr . meta l4proto . th dport vmap @firewall-ips; }
        chain services {
          ip daddr . meta l4proto . th dport vmap @service-ips
          ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
        }
        chain %1$s {
          meta l4proto tcp dnat ip to numgen random mod 2 map {
            0 : 10.180.0.1 . 80 , 1 : 10.180.1.1 . 80 }
        }
      }
      """
          .formatted("service-ULMVA6XW-ns1/web/tcp/http");

  /// Connections before and after, with as many as there is time for in between.
  private static final int CONNECTIONS_EACH = 200;

  private final TestNode node = new TestNode();

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void upstreamsTableIsReplacedWithoutAnyConnectionFailing() throws Exception {
    node.nft(UPSTREAM);
    try (TightLoop client = new TightLoop(node)) {
      client.awaitMore(CONNECTIONS_EACH);
      try (ProxyUnderTest proxy = node.startProxy()) {
        assertThat(proxy.troubles()).isEmpty();
        client.awaitMore(CONNECTIONS_EACH);
      }
      assertThat(client.failures()).isEmpty();
    }
    assertThat(node.namespace().exec("nft", "list", "table", "ip", "kube-proxy"))
        .contains("map service-endpoints")
        .doesNotContain("ULMVA6XW");
    node.expectNothingToRepair();
  }

  @Test
  void aRestartTouchesNothing() throws Exception {
    String other = "table inet other {\n\tchain some {\n\t\ttcp dport 25 counter drop\n\t}\n}\n";
    node.nft(other);
    try (Flow connection = node.open(TestNode.POD, TestNode.WEB)) {
      Verdict endpoint;
      Verdict remembered;
      try (ProxyUnderTest _ = node.startProxy()) {
        endpoint = connection.ask(TestNode.PATIENCE);
        remembered = node.connect(TestNode.POD, TestNode.STICKY);
        assertThat(endpoint).isInstanceOf(Reached.class);
        assertThat(remembered).isInstanceOf(Reached.class);
      }
      List<Element> clients = clients();
      String rules = withoutExpiry(node.namespace().exec("nft", "--stateless", "list", "ruleset"));
      assertThat(clients).hasSize(1);
      assertThat(connection.ask(TestNode.PATIENCE)).as("without a proxy").isEqualTo(endpoint);

      node.expectNothingToRepair();

      assertThat(connection.ask(TestNode.PATIENCE)).isEqualTo(endpoint);
      assertThat(clients()).isEqualTo(clients);
      assertThat(withoutExpiry(node.namespace().exec("nft", "--stateless", "list", "ruleset")))
          .isEqualTo(rules);
      for (int i = 0; i < 10; i++) {
        assertThat(node.connect(TestNode.POD, TestNode.STICKY)).isEqualTo(remembered);
      }
    }
  }

  @Test
  void whatChangedWhileNoProxyRanIsAllThatARestartChanges() throws Exception {
    try (ProxyUnderTest _ = node.startProxy()) {
      // Only to have been there.
    }
    node.nft("add element ip kube-proxy cluster-ips { 172.30.0.99 }");
    try (ProxyUnderTest second = node.startProxy()) {
      assertThat(second.operations(IpFamily.IPV4)).isEqualTo(1);
      assertThat(second.operations(IpFamily.IPV6)).isZero();
    }
    node.expectNothingToRepair();
  }

  @Test
  void cleaningUpRemovesOurTablesAndNoOthers() throws Exception {
    node.nft("add table inet other");
    try (ProxyUnderTest _ = node.startProxy()) {
      assertThat(node.namespace().exec("nft", "list", "tables"))
          .contains("table ip kube-proxy", "table ip6 kube-proxy");
    }
    KernelTables.remove(node.namespace());
    assertThat(node.namespace().exec("nft", "list", "tables")).isEqualTo("table inet other\n");
    // Nothing is there, and that is fine.
    KernelTables.remove(node.namespace());
  }

  @Test
  void cleaningUpRemovesUpstreamsTables() throws Exception {
    String others = tables();
    assertThat(others).doesNotContain("kube-proxy");
    node.nft(UPSTREAM);
    node.nft("add table ip6 kube-proxy");
    KernelTables.remove(node.namespace());
    assertThat(tables()).isEqualTo(others);
  }

  private String tables() {
    return node.namespace().exec("nft", "list", "tables");
  }

  private List<Element> clients() throws Exception {
    return KernelTables.learned(node.namespace(), IpFamily.IPV4, NamedSet.AFFINITY);
  }

  private static String withoutExpiry(String rules) {
    return rules.replaceAll(" expires [0-9a-z]+", "");
  }
}
