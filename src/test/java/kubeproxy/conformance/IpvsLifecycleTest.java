package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kubeproxy.app.ModeOpener;
import kubeproxy.dataplane.CleanupResult;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.apply.Variant;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.ipvs.apply.IpvsCleanup;
import kubeproxy.ipvs.apply.IpvsHost;
import kubeproxy.ipvs.apply.KernelIpvs;
import kubeproxy.ipvs.diff.IpvsFootprint;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.testing.net.Flow;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.net.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the `ipvs` mode leaves alone, takes over, waits for, repairs and leaves behind.
@Tag("ipvs")
class IpvsLifecycleTest {
  private static final Duration OFTEN = Duration.ofMillis(200);
  private static final ServerKey WEB = new ServerKey(TestNode.WEB, Protocol.TCP, 80);
  private static final ServerKey FOREIGN =
      new ServerKey(IpAddress.of("203.0.113.99"), Protocol.TCP, 443);
  private static final ServerKey EXCLUDED =
      new ServerKey(IpAddress.of("198.51.100.9"), Protocol.TCP, 443);
  private static final Ownership OWNERSHIP = new Ownership(List.of(IpPrefix.of("198.51.100.0/24")));

  @TempDir Path folder;
  private TestNode node;

  @BeforeEach
  void makeNode() throws Exception {
    node = new TestNode();
    IpvsMode.prepare(node.namespace());
  }

  /// Rules depend on no Service, and this kernel is slow to start the processes that write them.
  @AfterEach
  void leaveOnlyRules() throws Exception {
    IpvsMode.removeAll(node.namespace());
    node.close();
  }

  @AfterAll
  static void leaveNoTrace() throws Exception {
    assertThat(cleanUp(true)).allMatch(CleanupResult::succeeded);
  }

  private static ModeOpener opener() {
    return IpvsMode.opener(OFTEN, "rr", OWNERSHIP);
  }

  /// As `--cleanup`.
  private static List<CleanupResult> cleanUp(boolean servers) throws Exception {
    return Topology.get()
        .node()
        .run(() -> {
          Footprint rules = Footprint.IPTABLES.and(IpvsFootprint.all());
          Programs programs = Programs.ofHost();
          return List.of(
              new IptablesCleanup(programs, rules).cleanUp(),
              new IpvsCleanup(programs, OWNERSHIP, servers).cleanUp());
        });
  }

  private Observed observe() {
    return node.namespace()
        .open(() -> {
          try (KernelIpvs kernel = KernelIpvs.open(IpFamily.IPV4)) {
            return kernel.observe();
          }
        });
  }

  private Observed.Server web() {
    return Objects.requireNonNull(observe().servers().get(WEB));
  }

  private void change(Operation... operations) {
    node.namespace()
        .open(() -> {
          try (KernelIpvs kernel = KernelIpvs.open(IpFamily.IPV4)) {
            return kernel.apply(List.of(operations));
          }
        });
  }

  private void addServersOfOthers() {
    Scheduling scheduling = Scheduling.of("wlc", 0);
    Backend backend = new Backend(IpAddress.of("203.0.113.2"), 443);
    List<Operation> operations = new ArrayList<>();
    for (ServerKey key : List.of(FOREIGN, EXCLUDED)) {
      operations.add(new Operation.AddServer(key, scheduling));
      operations.add(new Operation.AddBackend(key, backend));
    }
    change(operations.toArray(Operation[]::new));
  }

  /// What is in the tables, but for what is shared with the kubelet and stays.
  private String rules() {
    StringBuilder rules = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      String saved = node.namespace().exec(IptablesMode.tools(Variant.LEGACY, family).save());
      saved
          .lines()
          .filter(line -> !line.contains("KUBE-FIREWALL"))
          .forEach(line -> rules.append(line).append('\n'));
    }
    return rules.toString();
  }

  @Test
  void virtualServersOfOthersAreNeverTouched() throws Exception {
    addServersOfOthers();
    try (ProxyUnderTest _ = node.startProxy(opener())) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    assertThat(observe().servers()).containsKeys(WEB, FOREIGN, EXCLUDED);
    assertThat(cleanUp(true)).allMatch(CleanupResult::succeeded);
    assertThat(observe().servers().keySet()).isEqualTo(Set.of(FOREIGN, EXCLUDED));
    change(new Operation.RemoveServer(FOREIGN), new Operation.RemoveServer(EXCLUDED));
  }

  @Test
  void aRestartTouchesNothing() throws Exception {
    try (ProxyUnderTest _ = node.startProxy(opener())) {
      assertThat(node.isServed(TestNode.POD6, TestNode.WEB6)).isTrue();
    }
    assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    try (ProxyUnderTest second = node.startProxy(opener())) {
      assertThat(second.operations(IpFamily.IPV4)).isZero();
      assertThat(second.operations(IpFamily.IPV6)).isZero();
    }
  }

  @Test
  void cleaningUpLeavesNothing() throws Exception {
    try (ProxyUnderTest _ = node.startProxy(opener())) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    assertThat(cleanUp(false)).allMatch(CleanupResult::succeeded);
    assertThat(observe().link()).as("kept with --cleanup-ipvs=false").isTrue();
    assertThat(observe().servers()).containsKey(WEB);
    assertThat(rules()).doesNotContain("KUBE");
    assertThat(cleanUp(true)).allMatch(CleanupResult::succeeded);
    assertThat(observe()).isEqualTo(Observed.nothing(observe().ownAddresses()));
    assertThat(node.namespace().exec("ipset", "list", "-name")).isBlank();
    assertThat(cleanUp(true)).containsOnly(new CleanupResult(List.of(), List.of()));
  }

  @Test
  void theIptablesModeTakesOverAndGivesBack() throws Exception {
    try (ProxyUnderTest _ = node.startProxy(opener())) {
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    ModeOpener iptables = IptablesMode.opener(Variant.LEGACY, false);
    try (ProxyUnderTest _ = node.startProxy(iptables)) {
      CleanupResult swept =
          node.namespace().run(() -> new IpvsCleanup(Programs.ofHost(), OWNERSHIP, true).cleanUp());
      assertThat(swept.failures()).isEmpty();
      assertThat(observe().link()).isFalse();
      assertThat(rules()).contains("KUBE-SVC-").doesNotContain("KUBE-IPVS", "match-set");
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    try (ProxyUnderTest _ = node.startProxy(opener())) {
      Footprint left = Footprint.IPTABLES.and(IpvsFootprint.all()).butNotOf(IpvsFootprint.ours());
      CleanupResult swept =
          node.namespace().run(() -> new IptablesCleanup(Programs.ofHost(), left).cleanUp());
      assertThat(swept.failures()).isEmpty();
      assertThat(rules()).doesNotContain("KUBE-SVC-", "KUBE-NODEPORTS");
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
  }

  @Test
  void connectionsGoOnWhenTheirEndpointIsRemoved() throws Exception {
    try (ProxyUnderTest proxy = node.startProxy(opener());
        Flow connection = node.open(TestNode.POD, TestNode.WEB)) {
      Verdict endpoint = connection.ask(TestNode.PATIENCE);
      assertThat(TestNode.isEndpoint(endpoint)).isTrue();
      List<String> documents = new ArrayList<>(TestNode.documents());
      documents.removeIf(document -> document.contains("kind: EndpointSlice"));
      proxy.apply(documents);
      assertThat(connection.ask(TestNode.PATIENCE)).isEqualTo(endpoint);
      assertThat(node.connect(TestNode.POD, TestNode.WEB)).isEqualTo(new Verdict.Refused());
      assertThat(web().servers())
          .singleElement()
          .satisfies(server -> {
            assertThat(server.weight()).isZero();
            assertThat(server.connections()).isPositive();
          });
      proxy.apply(TestNode.documents());
      assertThat(web().servers()).hasSize(2);
      assertThat(proxy.troubles()).isEmpty();
    }
  }

  @Test
  void whatOthersChangeIsRepairedByItself() throws Exception {
    try (ProxyUnderTest proxy = node.startProxy(opener())) {
      change(new Operation.RemoveServer(WEB));
      TestNode.await("the server is back", () -> observe().servers().containsKey(WEB));
      node.namespace().ip(List.of("link del kube-ipvs0"));
      TestNode.await("the address is back", () -> observe().bound().contains(TestNode.WEB));
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
      proxy.expectNoFault();
    }
  }

  @Test
  void theSchedulerIsLookedForAndTheErrorNamesOthers() throws Exception {
    Optional<String> unknown = node.namespace().run(() -> IpvsHost.schedulerObstacle("fastest"));
    assertThat(unknown)
        .hasValueSatisfying(reason ->
            assertThat(reason).contains("\"fastest\"", "ip_vs_fastest", " rr, wrr, lc, wlc"));
    for (String known : List.of("rr", "mh", "nq")) {
      assertThat(node.namespace().run(() -> IpvsHost.schedulerObstacle(known))).isEmpty();
    }
    ModeOpener hashing = IpvsMode.opener(OFTEN, "mh", OWNERSHIP);
    try (ProxyUnderTest _ = node.startProxy(hashing)) {
      assertThat(web().scheduling()).isEqualTo(Scheduling.of("mh", 0));
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).isTrue();
    }
    try (ProxyUnderTest second = node.startProxy(opener())) {
      assertThat(web().scheduling()).isEqualTo(Scheduling.of("rr", 0));
      assertThat(second.troubles()).isEmpty();
    }
  }

  /// Two Java virtual machines are started in a kernel that has one processor.
  @Test
  @Timeout(180)
  void theWholeProcess() throws Exception {
    // of two variants of iptables with as many rules another one would be taken
    node.namespace().exec("iptables-legacy", "-A", "INPUT", "-j", "ACCEPT");
    Path manifests = folder.resolve("manifests");
    writeDocuments(manifests);
    try (ProxyProcess proxy =
        ProxyProcess.start(
            node.namespace(),
            folder,
            "--proxy-mode=ipvs",
            "--manifests=" + manifests,
            "--hostname-override=test-node",
            "--conntrack-max-per-core=0",
            "--ipvs-strict-arp",
            "--ipvs-scheduler=wlc",
            "--ipvs-udp-timeout=77s")) {
      proxy.await("traffic", () -> node.isServed(TestNode.POD, TestNode.WEB));
      assertThat(proxy.get("/proxyMode")).isEqualTo("ipvs");
      assertThat(proxy.log()).contains("Kubernetes has deprecated the ipvs mode");
      assertThat(web().scheduling()).isEqualTo(Scheduling.of("wlc", 0));
      assertThat(node.namespace().exec("sysctl", "-n", "net.ipv4.conf.all.arp_ignore").strip())
          .isEqualTo("1");
      assertThat(node.namespace().exec("ipvsadm", "--list", "--timeout")).contains(" 77");
      proxy.signal("TERM");
      proxy.awaitExit();
    }
    try (ProxyProcess cleanup = ProxyProcess.start(node.namespace(), folder, "--cleanup")) {
      assertThat(cleanup.awaitExit()).as(cleanup.log()).isZero();
    }
    assertThat(observe().servers()).isEmpty();
    assertThat(rules()).doesNotContain("KUBE");
  }

  private static void writeDocuments(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("all.yaml"), String.join("---\n", TestNode.documents()));
  }
}
