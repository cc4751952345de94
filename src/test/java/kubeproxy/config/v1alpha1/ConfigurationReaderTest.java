package kubeproxy.config.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import kubeproxy.config.v1alpha1.ConfigurationReader.Read;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
  private static final String HEAD =
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

  private static final KubeProxyConfiguration EXPECTED =
      new KubeProxyConfiguration(
          new TreeMap<>(Map.of("AllAlpha", true, "LoggingAlphaOptions", false)),
          new ClientConnection("/etc/kubeconfig", "application/json", "application/cbor", 2.5f, 7),
          new Logging(
              "json",
              Duration.ofSeconds(7),
              4294967295L,
              List.of(new VmoduleItem("Plan*", 9)),
              new OutputRouting(true, quantity("1Ki")),
              new OutputRouting(true, quantity("2k"))),
          new Identity("Node-A", "10.0.0.1"),
          new StatusServers("10.0.0.2:81", "10.0.0.3:82", true, true, "1.35"),
          "ipvs",
          new Iptables(0, true, false, Duration.ofMinutes(1), Duration.ofSeconds(2)),
          new Ipvs(
              Duration.ofMinutes(3),
              Duration.ofSeconds(4),
              "sh",
              List.of("10.0.0.0/8", "fd00::/8"),
              true,
              Duration.ofSeconds(5),
              Duration.ofSeconds(6),
              Duration.ofSeconds(7)),
          new Nftables(31, true, Duration.ofMinutes(8), Duration.ofSeconds(9)),
          new Userspace("1000-2000", Duration.ofSeconds(13)),
          new Windows("l2", "10.0.0.4", true, "cbr0", true, true),
          new DetectLocal("NodeCIDR", List.of("10.1.0.0/16", "fd01::/48"), "cbr0", "veth"),
          List.of("10.2.0.0/16"),
          new Conntrack(
              0,
              0,
              Duration.ZERO,
              Duration.ZERO,
              true,
              Duration.ofSeconds(10),
              Duration.ofSeconds(11)),
          0,
          Duration.ofMinutes(12));

  private static Quantity quantity(String text) {
    return ((Quantity.Parsed.Valid) Quantity.parse(text)).quantity();
  }

  private static Read.Known known(String text) {
    Read read = ConfigurationReader.read("f.yaml", text);
    assertThat(read).isInstanceOf(Read.Known.class);
    return (Read.Known) read;
  }

  /// Reads the lines after the head; they begin in line 3.
  private static KubeProxyConfiguration configuration(String lines) {
    Read.Known known = known(HEAD + lines);
    assertThat(known.warnings()).isEmpty();
    return known.configuration();
  }

  private static String resource(String name) throws IOException {
    try (InputStream bytes =
        Objects.requireNonNull(ConfigurationReaderTest.class.getResourceAsStream(name))) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void readsEveryField() throws IOException {
    Read.Known known = known(resource("everything.yaml"));
    assertThat(known.warnings()).isEmpty();
    assertThat(known.configuration()).isEqualTo(EXPECTED);
  }

  @Test
  void readsEveryFieldOfJson() {
    String json = ConfigurationWriter.json(EXPECTED);
    KubeProxyConfiguration read = known(json).configuration();
    // Only the blocks of the mode in use say how often it syncs.
    assertThat(read.iptables().syncPeriod()).isEqualTo(Iptables.DEFAULT.syncPeriod());
    assertThat(read.ipvs()).isEqualTo(EXPECTED.ipvs());
    assertThat(read.logging()).isEqualTo(EXPECTED.logging());
    assertThat(ConfigurationWriter.json(read)).isEqualTo(json);
    assertThat(ConfigurationWriter.yaml(read)).isEqualTo(ConfigurationWriter.yaml(EXPECTED));
  }

  @Test
  void mergesMappingsAsYaml11Does() {
    KubeProxyConfiguration read =
        configuration(
            """
            iptables: &some {masqueradeBit: 3, syncPeriod: 7s}
            nftables:
              <<: [*some, {syncPeriod: 9s, minSyncPeriod: 2s}]
              masqueradeBit: 4
            """);
    assertThat(read.nftables())
        .isEqualTo(new Nftables(4, false, Duration.ofSeconds(7), Duration.ofSeconds(2)));
    assertThat(ConfigurationReader.read("f.yaml", HEAD + "nftables: {<<: 5}\n"))
        .isEqualTo(
            new Read.Refused(
                "failed to decode: f.yaml:3:16: what << merges must be a mapping or a list of"
                    + " them"));
    assertThat(known(HEAD + "'<<': 5\n").warnings()).hasSize(1);
  }

  @Test
  @SuppressWarnings("StringConcatToTextBlock") // Tabs and line breaks of both kinds are the point.
  void readsJsonAsPeopleIndentIt() {
    String text =
        "{\n"
            + "\t\"apiVersion\":\t\"kubeproxy.config.k8s.io/v1alpha1\",\n"
            + "\t\"kind\": \"KubeProxyConfiguration\",\r\n"
            + "\t\"hostnameOverride\": \"a\\/\\u0062\",\n"
            + "\t\"conntrack\": {\n"
            + "\t\t\"min\": 5\n"
            + "\t}\n"
            + "}";
    KubeProxyConfiguration read = known(text).configuration();
    assertThat(read.identity().hostnameOverride()).isEqualTo("a/b");
    assertThat(read.conntrack().min()).isEqualTo(5);
  }

  @Test
  void fillsInWhatIsNotSaid() {
    assertThat(configuration("")).isEqualTo(KubeProxyConfiguration.DEFAULT);
  }

  /// As in the ConfigMap that kubeadm makes.
  @Test
  void nullEmptyAndZeroMeanTheDefault() throws IOException {
    Read.Known known = known(resource("kubeadm.yaml"));
    assertThat(known.warnings()).isEmpty();
    assertThat(known.configuration()).isEqualTo(KubeProxyConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bindAddress: 10.0.0.1 | 0.0.0.0:10256 | 127.0.0.1:10249",
        "bindAddress: '::1' | [::]:10256 | [::1]:10249",
        "bindAddress: nonsense | [::]:10256 | [::1]:10249",
        "healthzBindAddress: 1.2.3.4 | 1.2.3.4:10256 | 127.0.0.1:10249",
        "healthzBindAddress: 'fd00::1' | [fd00::1]:10256 | 127.0.0.1:10249",
        "healthzBindAddress: '[fd00::1]' | [fd00::1] | 127.0.0.1:10249",
        "healthzBindAddress: 1.2.3.4:1 | 1.2.3.4:1 | 127.0.0.1:10249",
        "metricsBindAddress: 1.2.3.4 | 0.0.0.0:10256 | 1.2.3.4:10249",
        "metricsBindAddress: localhost | 0.0.0.0:10256 | localhost",
        "healthzBindAddress: \"0\" | '' | 127.0.0.1:10249",
        "metricsBindAddress: \"0\" | 0.0.0.0:10256 | ''",
      })
  void completesAddresses(String line, String healthz, String metrics) {
    StatusServers status = configuration(line.strip()).status();
    assertThat(status.healthzBindAddress()).isEqualTo(healthz);
    assertThat(status.metricsBindAddress()).isEqualTo(metrics);
  }

  @Test
  void readsNumbersAsYamlWritesThem() {
    KubeProxyConfiguration read =
        configuration(
            """
            oomScoreAdj: 0x1_0
            clientConnection: {qps: 1e2, burst: 020}
            conntrack: {min: 4e1, maxPerCore: 5.0}
            logging: {flushFrequency: 1500000000, options: {text: {infoBufferSize: 512}}}
            enableProfiling: yes
            bindAddressHardFail: On
            """);
    assertThat(read.oomScoreAdj()).isEqualTo(16);
    assertThat(read.clientConnection().qps()).isEqualTo(100f);
    assertThat(read.clientConnection().burst()).isEqualTo(16);
    assertThat(read.conntrack().min()).isEqualTo(40);
    assertThat(read.conntrack().maxPerCore()).isEqualTo(5);
    assertThat(read.logging().flushFrequency()).isEqualTo(Duration.ofMillis(1500));
    assertThat(read.logging().text().infoBufferSize().wholeValue()).isEqualTo(512);
    assertThat(read.status().enableProfiling()).isTrue();
    assertThat(read.status().bindAddressHardFail()).isTrue();
  }

  @Test
  void readsTheFirstDocumentAndAliases() {
    Read.Known known =
        known(
            "# A comment.\n---\n"
                + HEAD
                + "nodePortAddresses: &cidrs [10.0.0.0/8, ~]\nipvs:\n  excludeCIDRs: *cidrs\n"
                + "---\nnot: [looked at\n");
    assertThat(known.warnings()).isEmpty();
    assertThat(known.configuration().nodePortAddresses()).containsExactly("10.0.0.0/8", "");
    assertThat(known.configuration().ipvs().excludeCidrs()).containsExactly("10.0.0.0/8", "");
  }
}
