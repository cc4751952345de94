package kubeproxy.config.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kubeproxy.config.v1alpha1.ConfigurationReader.Read;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;
import kubeproxy.testing.Golden;
import org.junit.jupiter.api.Test;

class ConfigurationWriterTest {
  private static final KubeProxyConfiguration STANDARD = KubeProxyConfiguration.DEFAULT;

  private static KubeProxyConfiguration read(String text) {
    Read read = ConfigurationReader.read("written", text);
    assertThat(read).as(text).isInstanceOf(Read.Known.class);
    assertThat(((Read.Known) read).warnings()).isEmpty();
    return ((Read.Known) read).configuration();
  }

  /// As upstream does it, after platform defaults.
  private static KubeProxyConfiguration inMode(String mode, Duration minimum, boolean all) {
    return new KubeProxyConfiguration(
        STANDARD.featureGates(),
        STANDARD.clientConnection(),
        STANDARD.logging(),
        STANDARD.identity(),
        STANDARD.status(),
        mode,
        new Iptables(14, all, true, Duration.ofSeconds(30), minimum),
        STANDARD.ipvs(),
        new Nftables(14, all, Duration.ofSeconds(30), minimum),
        STANDARD.userspace(),
        STANDARD.windows(),
        new DetectLocal("ClusterCIDR", List.of(), "", ""),
        STANDARD.nodePortAddresses(),
        STANDARD.conntrack(),
        STANDARD.oomScoreAdj(),
        STANDARD.configSyncPeriod());
  }

  private static KubeProxyConfiguration inMode(String mode) {
    return inMode(mode, Duration.ofSeconds(1), false);
  }

  @Test
  void laysTheDefaultsOutAsUpstream() {
    Golden.check("config/default-iptables.yaml", ConfigurationWriter.yaml(inMode("iptables")));
  }

  @Test
  void writesAllBlocksOfABlankMode() {
    Golden.check("config/default.yaml", ConfigurationWriter.yaml(inMode("")));
  }

  @Test
  void writesOnlyTheBlockInUse() {
    assertThat(ConfigurationWriter.yaml(inMode("nftables", Duration.ofSeconds(2), true)))
        .contains(
            """
            iptables:
              localhostNodePorts: true
              masqueradeAll: false
              masqueradeBit: 14
              minSyncPeriod: 0s
              syncPeriod: 0s
            """)
        .contains("  strictARP: false\n  syncPeriod: 0s\n")
        .contains(
            """
            nftables:
              masqueradeAll: true
              masqueradeBit: 14
              minSyncPeriod: 2s
              syncPeriod: 30s
            """);
    assertThat(ConfigurationWriter.yaml(inMode("ipvs", Duration.ofSeconds(2), true)))
        .contains(
            """
            iptables:
              localhostNodePorts: true
              masqueradeAll: true
              masqueradeBit: 14
              minSyncPeriod: 0s
              syncPeriod: 0s
            """)
        .contains("  minSyncPeriod: 0s\n  scheduler: \"\"\n  strictARP: false\n  syncPeriod: 30s\n")
        .contains("nftables:\n  masqueradeAll: false\n");
    assertThat(ConfigurationWriter.yaml(inMode("userspace")))
        .contains("  masqueradeBit: 14\n  minSyncPeriod: 1s\n  syncPeriod: 30s\n");
  }

  @Test
  void writesWhatIsThereOnlySometimes() {
    KubeProxyConfiguration given =
        new KubeProxyConfiguration(
            new TreeMap<>(Map.of("B", true, "A", false)),
            new ClientConnection("", "", "", 0.25f, 10),
            new Logging(
                "text",
                Duration.ofMillis(1500),
                2,
                List.of(new VmoduleItem("a*", 5), new VmoduleItem("b", 6)),
                new Logging.OutputRouting(true, Quantity.ZERO),
                Logging.OutputRouting.DEFAULT),
            STANDARD.identity(),
            new StatusServers("", "[::1]:10249", false, false, "1.35"),
            "",
            STANDARD.iptables(),
            STANDARD.ipvs(),
            STANDARD.nftables(),
            new Userspace("", Duration.ofSeconds(1)),
            new Windows("", "", false, "", false, true),
            new DetectLocal("", List.of("10.0.0.0/8", "fd00::/8"), "", ""),
            List.of("10.0.0.0/8", "fd00::/8"),
            STANDARD.conntrack(),
            5,
            STANDARD.configSyncPeriod());
    Golden.check("config/unusual.yaml", ConfigurationWriter.yaml(given));
    assertThat(read(ConfigurationWriter.yaml(given))).isEqualTo(given);
    assertThat(read(ConfigurationWriter.json(given))).isEqualTo(given);
  }

  @Test
  void writesJsonOnOneLine() {
    assertThat(ConfigurationWriter.json(STANDARD))
        .startsWith("{\"apiVersion\":\"kubeproxy.config.k8s.io/v1alpha1\",\"bindAddress\":")
        .contains("\"clientConnection\":{\"acceptContentTypes\":\"\",\"burst\":10,")
        .contains("\"kind\":\"KubeProxyConfiguration\"")
        .contains("\"nodePortAddresses\":null,\"oomScoreAdj\":-999,")
        .contains("\"qps\":5}")
        .doesNotContain(" ")
        .doesNotContain("\n");
  }

  /// Zero in a file stands for the default of one second.
  @Test
  void noWaitAtAllStaysNextToNone() {
    for (String mode : List.of("", "iptables", "nftables", "userspace")) {
      String written = ConfigurationWriter.yaml(inMode(mode, Duration.ZERO, false));
      KubeProxyConfiguration read = read(written);
      Duration minimum =
          mode.equals("nftables")
              ? read.nftables().minSyncPeriod()
              : read.iptables().minSyncPeriod();
      assertThat(minimum).as(mode).isEqualTo(Duration.ofNanos(1));
      assertThat(ConfigurationWriter.yaml(read)).isEqualTo(written);
    }
  }

  @Test
  void whatIsWrittenReadsBackAndIsWrittenTheSame() {
    long first = Long.getLong("kubeproxy.seed", 1);
    int cases = Integer.getInteger("kubeproxy.cases", 200);
    for (long seed = first; seed < first + cases; seed++) {
      KubeProxyConfiguration configuration = new RandomConfiguration(seed).next();
      String yaml = ConfigurationWriter.yaml(configuration);
      String json = ConfigurationWriter.json(configuration);
      assertThat(ConfigurationWriter.yaml(read(yaml))).as("seed %d", seed).isEqualTo(yaml);
      assertThat(ConfigurationWriter.json(read(json))).as("seed %d", seed).isEqualTo(json);
      assertThat(read(yaml)).as("seed %d", seed).isEqualTo(read(json));
    }
  }
}
