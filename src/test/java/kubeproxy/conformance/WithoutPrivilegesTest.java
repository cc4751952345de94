package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kubeproxy.model.IpAddress;
import kubeproxy.testing.net.Traffic;
import kubeproxy.testing.net.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The process with no capability at all: it can write no rule and no setting of the kernel, and
/// serves what it can listen on.
@Tag("kernel")
@Timeout(180)
class WithoutPrivilegesTest {
  private static final IpAddress NODE_ADDRESS = IpAddress.of("192.168.0.2");
  private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");
  private static final int NODE_PORT = 30080;

  private final TestNode node = new TestNode();

  @TempDir Path folder;
  private Path manifests = Path.of("");

  @BeforeEach
  void write() throws IOException {
    manifests = Files.createDirectory(folder.resolve("manifests"));
    Files.writeString(
        manifests.resolve("services.yaml"), String.join("---\n", TestNode.documents()));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private ProxyProcess start(String... flags) throws IOException {
    String[] all = new String[flags.length + 3];
    System.arraycopy(flags, 0, all, 0, flags.length);
    all[flags.length] = "--manifests=" + manifests;
    all[flags.length + 1] = "--hostname-override=node";
    all[flags.length + 2] = "--v=2";
    return ProxyProcess.startUnprivileged(node.namespace(), folder, all);
  }

  private boolean answersFor(IpAddress source, IpAddress address) {
    Verdict verdict = node.connectToPort(source, address, NODE_PORT, Traffic.FOR_A_RESET);
    return TestNode.isEndpoint(verdict);
  }

  @Test
  void nodePortsAreAnsweredAndTheRestIsSaid() throws Exception {
    try (ProxyProcess proxy = start()) {
      proxy.await("the node port", () -> answersFor(TestNode.OUTSIDE, NODE_ADDRESS));
      assertThat(answersFor(LOCALHOST, LOCALHOST)).as("the node port on localhost").isTrue();
      assertThat(node.isServed(TestNode.POD, TestNode.WEB)).as("without rules").isFalse();
      assertThat(proxy.get("/proxyMode")).isEqualTo("userspace");
      // Four addresses of Services: web has one in each family.
      proxy.awaitMetric("kubeproxy_problems{reason=\"unsupported\"} 5.0");
      proxy.awaitLog("No rules can be written; only what this process can listen on is served");
      assertThat(proxy.log())
          .contains("Using proxy mode", "nftables cannot be used: no permission")
          .contains("172.30.0.41:80/TCP")
          .contains("bind: EADDRNOTAVAIL")
          .doesNotContain("Stopping after an error");
      assertThat(proxy.log().split("spec.clusterIP\"", -1)).as("once each").hasSize(5);
    }
  }

  @Test
  void whoAsksForAModeThatCannotBeHadGetsThisOne() throws Exception {
    try (ProxyProcess proxy = start("--proxy-mode=iptables")) {
      proxy.await("the node port", () -> answersFor(TestNode.OUTSIDE, NODE_ADDRESS));
      assertThat(proxy.log()).contains("Using another proxy mode than was asked for");
    }
  }

  @Test
  void isReadyWhenItListens() throws Exception {
    try (ProxyProcess proxy = start("--proxy-mode=userspace")) {
      proxy.await("ready", () -> proxy.isReady());
      assertThat(answersFor(TestNode.OUTSIDE, NODE_ADDRESS)).isTrue();
    }
  }
}
