package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.api.FakeApiServer;
import kubeproxy.testing.api.KubeconfigFile;
import kubeproxy.testing.api.LiveApi;
import kubeproxy.testing.api.ManifestFolder;
import kubeproxy.testing.api.ObjectStore;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict.Reached;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The process from its start to its end, as an operator has it: flags, a configuration file that
/// changes, signals, exit codes.
@Tag("kernel")
@Timeout(180)
class LifeCycleTest {
  private static final IpAddress SECOND_ADDRESS = IpAddress.of("192.168.1.2");
  private static final int NODE_PORT = 30080;
  private static final int CONNECTIONS_EACH = 50;
  private static final String RELOADS = "kubeproxy_config_reloads_total{result=\"%s\"} %d.0";

  private static final String BASE =
      """
      apiVersion: kubeproxy.config.k8s.io/v1alpha1
      kind: KubeProxyConfiguration
      mode: nftables
      detectLocalMode: ClusterCIDR
      clusterCIDR: 10.0.0.0/16
      conntrack: {maxPerCore: 0, min: 0}
      oomScoreAdj: 123
      """;

  /// Without any the first address alone has node ports.
  private static final String ALL_ADDRESSES = BASE + "nodePortAddresses: [0.0.0.0/0]\n";

  private static final String FIRST_ADDRESS = BASE + "nodePortAddresses: [192.168.0.0/24]\n";

  private final TestNode node = new TestNode();

  @TempDir Path folder;
  private Path manifests = Path.of("");
  private Path config = Path.of("");

  @BeforeEach
  void write() throws IOException {
    manifests = Files.createDirectory(folder.resolve("manifests"));
    Files.writeString(
        manifests.resolve("node.yaml"),
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node}
        status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}
        """);
    Files.writeString(
        manifests.resolve("services.yaml"), String.join("---\n", TestNode.documents()));
    config = folder.resolve("config.yaml");
    Files.writeString(config, ALL_ADDRESSES);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private ProxyProcess start(String... arguments) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "--config=" + config,
                "--manifests=" + manifests,
                "--hostname-override=node",
                "--v=1"));
    all.addAll(List.of(arguments));
    return ProxyProcess.start(node.namespace(), folder, all.toArray(String[]::new));
  }

  /// As an editor or a kubelet does it: nobody ever sees half a file.
  private void replaceConfig(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void awaitService() throws InterruptedException {
    TestNode.await("the Service", () -> node.isServed(TestNode.POD, TestNode.WEB));
    node.forgetConnections();
  }

  private boolean answersOnSecondAddress() {
    return node.connectToPort(TestNode.OUTSIDE, SECOND_ADDRESS, NODE_PORT, Traffic.FOR_A_RESET)
        instanceof Reached;
  }

  @Test
  void aChangedFileIsInForceUnderTrafficAndABadOneChangesNothing() throws Exception {
    try (ProxyProcess proxy = start()) {
      proxy.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
      awaitService();
      TestNode.await("every address", this::answersOnSecondAddress);
      try (TightLoop client = new TightLoop(node)) {
        client.awaitMore(CONNECTIONS_EACH);

        replaceConfig(FIRST_ADDRESS);
        proxy.awaitMetric(RELOADS.formatted("applied", 1));
        TestNode.await("the first address only", () -> !answersOnSecondAddress());
        client.awaitMore(CONNECTIONS_EACH);

        replaceConfig(BASE + "nodePortAddresses: [nowhere]\n");
        proxy.awaitMetric(RELOADS.formatted("rejected", 1));
        proxy.awaitMetric("kubeproxy_config_last_reload_successful 0.0");
        proxy.awaitLog("Configuration file rejected; the configuration in force stays");
        assertThat(proxy.log()).contains("NodePortAddresses[0]", "nowhere");
        assertThat(proxy.get("/configz")).contains("192.168.0.0/24").doesNotContain("nowhere");
        assertThat(answersOnSecondAddress()).as("the bad file changed something").isFalse();
        client.awaitMore(CONNECTIONS_EACH);

        Files.delete(config);
        proxy.awaitMetric(RELOADS.formatted("rejected", 2));
        proxy.awaitLog("Configuration file cannot be read; the configuration in force stays");
        replaceConfig(FIRST_ADDRESS);
        proxy.awaitMetric("kubeproxy_config_last_reload_successful 1.0");

        replaceConfig(FIRST_ADDRESS.replace("mode: nftables", "mode: iptables"));
        proxy.awaitMetric(RELOADS.formatted("restart_needed", 1));
        proxy.awaitLog("wait for a restart of kube-proxy");
        assertThat(proxy.get("/proxyMode")).isEqualTo("nftables");

        replaceConfig(ALL_ADDRESSES);
        proxy.awaitMetric(RELOADS.formatted("applied", 2));
        TestNode.await("every address again", this::answersOnSecondAddress);
        client.awaitMore(CONNECTIONS_EACH);
        assertThat(client.failures()).isEmpty();
      }
    }
  }

  @Test
  void aHangupReadsTheFileAgainAndOneWithoutAFileIsSurvived() throws Exception {
    try (ProxyProcess proxy = start()) {
      proxy.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
      proxy.signal("HUP");
      proxy.awaitMetric(RELOADS.formatted("unchanged", 1));
    }
    try (ProxyProcess proxy = withoutFile()) {
      proxy.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
      proxy.signal("HUP");
      proxy.awaitLog("SIGHUP: there is no --config to read again");
    }
  }

  private ProxyProcess withoutFile(String... arguments) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "--proxy-mode=nftables",
                "--manifests=" + manifests,
                "--hostname-override=node",
                "--conntrack-max-per-core=0"));
    all.addAll(List.of(arguments));
    return ProxyProcess.start(node.namespace(), folder, all.toArray(String[]::new));
  }

  /// The kubelet writes a new folder and turns a link to it.
  @Test
  void aConfigMapThatIsTurnedIsSeen() throws Exception {
    Path old = Files.createDirectory(folder.resolve("..1"));
    Path next = Files.createDirectory(folder.resolve("..2"));
    Files.writeString(old.resolve("config.yaml"), ALL_ADDRESSES);
    Files.writeString(next.resolve("config.yaml"), FIRST_ADDRESS);
    Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.delete(config);
    Files.createSymbolicLink(config, Path.of("..data/config.yaml"));
    try (ProxyProcess proxy = start()) {
      proxy.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
      Path turned = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
      Files.move(turned, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      proxy.awaitMetric(RELOADS.formatted("applied", 1));
    }
  }

  @Test
  void endsWhenTheFileChangesIfThatIsWanted() throws Exception {
    try (ProxyProcess proxy = start("--config-reload=exit")) {
      awaitService();
      replaceConfig(FIRST_ADDRESS);
      assertThat(proxy.awaitExit()).isEqualTo(1);
      assertThat(proxy.log())
          .contains("content of the proxy server's configuration file was updated");
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).as("rules stay").isTrue();
    }
  }

  @Test
  void endsOnSignalsAndLeavesTheRules() throws Exception {
    for (String signal : List.of("TERM", "INT")) {
      try (ProxyProcess proxy = start()) {
        proxy.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
        awaitService();
        assertThat(Files.readString(Path.of("/proc/" + proxy.pid() + "/oom_score_adj")).strip())
            .isEqualTo("123");
        proxy.signal(signal);
        // What the JVM adds 128 to, as a shell does.
        assertThat(proxy.awaitExit()).isEqualTo(signal.equals("TERM") ? 143 : 130);
        assertThat(proxy.log()).doesNotContain("Exception");
        assertThat(node.isServed(TestNode.POD, TestNode.WEB)).as("rules stay").isTrue();
      }
    }
  }

  @Test
  void aPortThatIsTakenEndsItOnlyIfThatIsWanted() throws Exception {
    try (ProxyProcess first = start()) {
      first.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
      String elsewhere = "--healthz-bind-address=127.0.0.1:10257";
      try (ProxyProcess second = start(elsewhere)) {
        second.awaitLog("Another kube-proxy programs this node");
        second.awaitLog("Address already in use");
        assertThat(second.log()).doesNotContain("Error running ProxyServer");
      }
      try (ProxyProcess third = withoutFile(elsewhere, "--bind-address-hard-fail")) {
        assertThat(third.awaitExit()).isEqualTo(1);
        assertThat(third.log()).contains("Error running ProxyServer", "server=\"metrics\"");
      }
    }
  }

  @Test
  void operatorsInTheClusterHearOfItByEvents() throws Exception {
    ObjectStore objects = new ObjectStore();
    new ManifestFolder(manifests, objects).refresh();
    LiveApi api = new LiveApi(objects);
    Path kubeconfig = folder.resolve("kubeconfig");
    Path other = folder.resolve("other.yaml");
    String[] flags = {"--config=" + other, "--manifests="};
    try (FakeApiServer server = node.namespace().run(() -> FakeApiServer.start(api))) {
      KubeconfigFile.write(kubeconfig, server.address(), "");
      Files.writeString(other, configuration(kubeconfig));
      try (ProxyProcess first = start()) {
        first.awaitMetric("kubeproxy_config_last_reload_successful 1.0");
        try (ProxyProcess second = start(flags)) {
          awaitReason(api, second, "Starting");
          awaitReason(api, second, "SecondInstance");
          Files.writeString(other, "mode: [");
          awaitReason(api, second, "ConfigurationRejected");
          assertThat(second.log()).doesNotContain("fake-token");
        }
      }
    }
  }

  /// Its listeners are in nobody's way.
  private static String configuration(Path kubeconfig) {
    return ALL_ADDRESSES
        + """
        clientConnection: {kubeconfig: %s}
        metricsBindAddress: 127.0.0.1:10349
        healthzBindAddress: 127.0.0.1:10356
        """
            .formatted(kubeconfig);
  }

  private static void awaitReason(LiveApi api, ProxyProcess proxy, String reason) throws Exception {
    proxy.await(
        "event " + reason,
        () -> api.events().stream().anyMatch(event -> reason.equals(event.get("reason"))));
  }

  @Test
  void whatAnotherModeLeftGoesOnceOursIsInForceAndCleanupTakesOurs() throws Exception {
    try (ProxyProcess iptables = start("--config=", "--proxy-mode=iptables")) {
      awaitService();
      iptables.signal("TERM");
      iptables.awaitExit();
    }
    node.namespace().exec("iptables", "-t", "nat", "-N", "MINE");
    assertThat(iptablesRules()).contains("KUBE-SERVICES");
    try (ProxyProcess nftables = start()) {
      nftables.awaitLog("Removed what a proxy left");
      assertThat(iptablesRules()).doesNotContain("KUBE-SERVICES").contains("MINE");
      awaitService();
      nftables.signal("TERM");
      nftables.awaitExit();
    }
    assertThat(node.namespace().exec("nft", "list", "tables")).contains("kube-proxy");
    try (ProxyProcess cleanup =
        ProxyProcess.start(node.namespace(), folder, "--cleanup", "--v=1")) {
      assertThat(cleanup.awaitExit()).as(cleanup.log()).isZero();
    }
    assertThat(node.namespace().exec("nft", "list", "tables")).doesNotContain("kube-proxy");
    assertThat(iptablesRules()).contains("MINE");
  }

  /// Of both variants: which one the proxy takes depends on what it finds on the node.
  private String iptablesRules() {
    return node.namespace().exec("iptables-nft-save")
        + node.namespace().exec("iptables-legacy-save");
  }

  @Test
  void initOnlySetsTheKernelUpAndProgramsNothing() throws Exception {
    try (ProxyProcess proxy = start("--init-only")) {
      assertThat(proxy.awaitExit()).as(proxy.log()).isZero();
      assertThat(proxy.log()).contains("Initialized; exiting because of --init-only");
      assertThat(node.namespace().exec("nft", "list", "tables")).doesNotContain("kube-proxy");
    }
  }

  /// The kernel lets only the first network namespace have this one.
  @Test
  void initOnlyFailsWithASettingThatCannotBeChanged() throws Exception {
    Files.writeString(
        config, ALL_ADDRESSES.replace("maxPerCore: 0, min: 0", "maxPerCore: 1, min: 1000003"));
    try (ProxyProcess proxy = start("--init-only")) {
      assertThat(proxy.awaitExit()).as(proxy.log()).isOne();
      assertThat(proxy.log())
          .contains("reason=\"cannot set /proc/sys/net/netfilter/nf_conntrack_max to 1000003: ")
          .doesNotContain("Initialized");
    }
  }

  @Test
  void whatWriteConfigToWritesIsReadBack() throws Exception {
    Path written = folder.resolve("written.yaml");
    Path again = folder.resolve("again.yaml");
    try (ProxyProcess proxy = start("--write-config-to=" + written)) {
      assertThat(proxy.awaitExit()).as(proxy.log()).isZero();
    }
    try (ProxyProcess proxy =
        ProxyProcess.start(
            node.namespace(), folder, "--config=" + written, "--write-config-to=" + again)) {
      assertThat(proxy.awaitExit()).as(proxy.log()).isZero();
    }
    assertThat(Files.readString(again)).isEqualTo(Files.readString(written));
  }

  @Test
  void logsToFilesAsOlderReleasesDid() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    String[] flags = {"--logtostderr=false", "--log-dir=" + logs, "--stderrthreshold=FATAL"};
    try (ProxyProcess proxy = start(flags)) {
      awaitService();
      proxy.signal("TERM");
      proxy.awaitExit();
      assertThat(proxy.log()).isEmpty();
    }
    try (var files = Files.list(logs)) {
      Path info = files.filter(file -> file.toString().endsWith(".INFO")).findFirst().orElseThrow();
      assertThat(Files.readString(info)).contains("Using proxy mode");
    }
  }
}
