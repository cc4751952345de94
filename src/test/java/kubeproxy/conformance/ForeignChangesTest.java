package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncPacing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a node where somebody else changes our tables.
@Tag("kernel")
class ForeignChangesTest {

  /// The first look back is the proxy's start, right before; the rest is for a busy machine.
  private static final Duration LONGEST_OUTAGE = SyncPacing.DRIFT_SPACING.plusMillis(500);

  private final TestNode node = new TestNode();

  @AfterEach
  void close() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush ruleset",
        "delete table ip kube-proxy",
        "delete table ip kube-proxy; delete table ip6 kube-proxy",
        "flush map ip kube-proxy service-ips",
        "flush map ip kube-proxy service-endpoints",
        "flush chain ip kube-proxy services",
        "delete element ip kube-proxy service-ips { 172.30.0.41 . tcp . 80 }",
      })
  void trafficThatAForeignChangeStopsWorksAgainByItself(String change) throws Exception {
    try (ProxyUnderTest proxy = node.startProxy()) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      node.nft(change);
      long start = System.nanoTime();
      TestNode.await(
          "traffic after '" + change + "'",
          () -> {
            proxy.expectNoFault();
            return node.isServed(TestNode.POD, TestNode.WEB)
                && node.isServed(TestNode.POD6, TestNode.WEB6);
          });
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST_OUTAGE);
      awaitRepair(proxy);
    }
    node.expectNothingToRepair();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add element ip kube-proxy service-ips { 172.30.0.99 . tcp . 80 : drop }",
        "add element ip kube-proxy cluster-ips { 172.30.0.99 }",
        "add rule ip kube-proxy services ip daddr 172.30.0.41 drop",
        "add rule ip6 kube-proxy services ip6 daddr fd00:172:30::41 drop",
        "add chain ip kube-proxy somebody; add rule ip kube-proxy somebody drop",
      })
  void whatSomebodyElseAddedIsRemoved(String addition) throws Exception {
    try (ProxyUnderTest proxy = node.startProxy()) {
      String before = node.namespace().exec("nft", "list", "ruleset");
      node.nft(addition);
      awaitObservation(proxy);
      TestNode.await(
          "the rules as they were",
          () -> node.namespace().exec("nft", "list", "ruleset").equals(before));
    }
    node.expectNothingToRepair();
  }

  @Test
  void changesOfOtherTablesAreNoneOfOurBusiness() throws Exception {
    try (ProxyUnderTest proxy = node.startProxy()) {
      node.nft("add table inet other; add chain inet other some; add table ip kube-proxy-2");
      node.nft("delete element ip kube-proxy cluster-ips { 172.30.0.41 }");
      awaitRepair(proxy);
      // Notices come in the order of the changes, so those of the other tables would be here too.
      assertThat(proxy.events().stream().filter(SyncEvent.DriftNoticed.class::isInstance))
          .hasSize(1);
      assertThat(node.namespace().exec("nft", "list", "tables"))
          .contains("table inet other", "table ip kube-proxy-2");
    }
  }

  private static void awaitRepair(ProxyUnderTest proxy) throws InterruptedException {
    TestNode.await("a repair", () -> repaired(proxy.events()) > 0);
  }

  private static void awaitObservation(ProxyUnderTest proxy) throws InterruptedException {
    TestNode.await(
        "another look at the kernel",
        () ->
            proxy.events().stream().anyMatch(SyncEvent.DriftNoticed.class::isInstance)
                && synced(proxy.events()).stream().filter(s -> s.report().observed()).count() > 2);
  }

  private static int repaired(List<SyncEvent> events) {
    return synced(events).stream().mapToInt(synced -> synced.report().repaired()).sum();
  }

  private static List<SyncEvent.Synced> synced(List<SyncEvent> events) {
    return events.stream()
        .filter(SyncEvent.Synced.class::isInstance)
        .map(SyncEvent.Synced.class::cast)
        .toList();
  }
}
