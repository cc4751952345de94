package kubeproxy.config.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kubeproxy.config.v1alpha1.ConfigurationReader.Read;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
  private static final String HEAD =
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

  private static final String EVERYTHING =
      HEAD
          + """
          featureGates: {AllAlpha: true, LoggingAlphaOptions: false}
          clientConnection:
            kubeconfig: /etc/kubeconfig
            acceptContentTypes: application/json
            contentType: application/cbor
            qps: 2.5
            burst: 7
          logging:
            format: json
            flushFrequency: 7s
            verbosity: 4294967295
            vmodule:
            - filePattern: Plan*
              verbosity: 9
            options:
              text: {splitStream: true, infoBufferSize: 1Ki}
              json: {splitStream: true, infoBufferSize: "2k"}
          hostnameOverride: Node-A
          bindAddress: 10.0.0.1
          healthzBindAddress: 10.0.0.2:81
          metricsBindAddress: 10.0.0.3:82
          bindAddressHardFail: true
          enableProfiling: true
          showHiddenMetricsForVersion: "1.35"
          mode: ipvs
          iptables:
            masqueradeBit: 0
            masqueradeAll: true
            localhostNodePorts: false
            syncPeriod: 1m
            minSyncPeriod: 2s
          ipvs:
            syncPeriod: 3m
            minSyncPeriod: 4s
            scheduler: sh
            excludeCIDRs: [10.0.0.0/8, "fd00::/8"]
            strictARP: true
            tcpTimeout: 5s
            tcpFinTimeout: 6s
            udpTimeout: 7s
          nftables:
            masqueradeBit: 31
            masqueradeAll: true
            syncPeriod: 8m
            minSyncPeriod: 9s
          winkernel:
            networkName: l2
            sourceVip: 10.0.0.4
            enableDSR: true
            rootHnsEndpointName: cbr0
            forwardHealthCheckVip: true
          windowsRunAsService: true
          detectLocalMode: NodeCIDR
          detectLocal:
            bridgeInterface: cbr0
            interfaceNamePrefix: veth
          clusterCIDR: 10.1.0.0/16,fd01::/48
          nodePortAddresses: [10.2.0.0/16]
          oomScoreAdj: 0
          conntrack:
            maxPerCore: 0
            min: 0
            tcpEstablishedTimeout: 0s
            tcpCloseWaitTimeout: 0s
            tcpBeLiberal: true
            udpTimeout: 10s
            udpStreamTimeout: 11s
          configSyncPeriod: 12m
          portRange: 1000-2000
          udpIdleTimeout: 13s
          """;

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

  private static String refusal(String text) {
    Read read = ConfigurationReader.read("f.yaml", text);
    assertThat(read).isInstanceOf(Read.Refused.class);
    return ((Read.Refused) read).reason();
  }

  @Test
  void readsEveryField() {
    assertThat(configuration(EVERYTHING.substring(HEAD.length()))).isEqualTo(EXPECTED);
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
  void nullEmptyAndZeroMeanTheDefault() {
    assertThat(
            configuration(
                """
                bindAddress: ""
                bindAddressHardFail: false
                clientConnection:
                  acceptContentTypes: ""
                  burst: 0
                  contentType: ""
                  kubeconfig: ""
                  qps: 0
                clusterCIDR: ""
                configSyncPeriod: 0s
                conntrack:
                  maxPerCore: null
                  min: null
                  tcpBeLiberal: false
                  tcpCloseWaitTimeout: null
                  tcpEstablishedTimeout: null
                  udpStreamTimeout: 0s
                  udpTimeout: 0s
                detectLocal:
                  bridgeInterface: ""
                  interfaceNamePrefix: ""
                detectLocalMode: ""
                enableProfiling: false
                healthzBindAddress: ""
                hostnameOverride: ""
                iptables:
                  localhostNodePorts: null
                  masqueradeAll: false
                  masqueradeBit: null
                  minSyncPeriod: 0s
                  syncPeriod: 0s
                ipvs:
                  excludeCIDRs: null
                  minSyncPeriod: 0s
                  scheduler: ""
                  strictARP: false
                  syncPeriod: 0s
                  tcpFinTimeout: 0s
                  tcpTimeout: 0s
                  udpTimeout: 0s
                logging:
                  flushFrequency: 0
                  options:
                    json:
                      infoBufferSize: "0"
                    text:
                      infoBufferSize: "0"
                  verbosity: 0
                metricsBindAddress: ""
                mode: ""
                nftables:
                  masqueradeAll: false
                  masqueradeBit: null
                  minSyncPeriod: 0s
                  syncPeriod: 0s
                nodePortAddresses: null
                oomScoreAdj: null
                portRange: ""
                showHiddenMetricsForVersion: ""
                udpIdleTimeout: 0s
                winkernel:
                  enableDSR: false
                  forwardHealthCheckVip: false
                  networkName: ""
                  rootHnsEndpointName: ""
                  sourceVip: ""
                """))
        .isEqualTo(KubeProxyConfiguration.DEFAULT);
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

  @Test
  void warnsOfFieldsThatDoNotExistOrAreThereTwice() {
    Read.Known known =
        known(
            HEAD
                + """
                Mode: nftables
                mode: iptables
                conntrack:
                  max: 5
                  min: 6
                  min: 7
                mode: ipvs
                logging:
                  vmodule:
                  - {filePattern: a, level: 3}
                """);
    assertThat(known.configuration().mode()).isEqualTo("ipvs");
    assertThat(known.configuration().conntrack().min()).isEqualTo(7);
    assertThat(known.warnings())
        .containsExactlyInAnyOrder(
            "f.yaml:9:1: duplicate field \"mode\"; the last one counts",
            "f.yaml:8:3: duplicate field \"conntrack.min\"; the last one counts",
            "f.yaml:6:3: unknown field \"conntrack.max\" is ignored",
            "f.yaml:12:22: unknown field \"logging.vmodule[0].level\" is ignored",
            "f.yaml:3:1: unknown field \"Mode\" is ignored");
  }

  @Test
  void doesNotFloodTheLogWithWarnings() {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < 100; i++) {
      text.append("field").append(i).append(": 1\n");
    }
    assertThat(known(text.toString()).warnings())
        .hasSize(Findings.MAX_TOLD + 1)
        .endsWith("f.yaml: and 80 more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: 5 | 3:7: mode: must be a text, but is the number 5 (put it in quotes)",
        "mode: on | 3:7: mode: must be a text, but is the boolean on (put it in quotes)",
        "mode: [a] | 3:7: mode: must be a text, but is a list",
        "enableProfiling: 'true' | 3:18: enableProfiling: must be a boolean (true or false), but is"
            + " the text \"true\"",
        "oomScoreAdj: abc | 3:14: oomScoreAdj: must be a whole number from -2147483648 to"
            + " 2147483647, but is the text \"abc\"",
        "oomScoreAdj: 1.5 | 3:14: oomScoreAdj: must be a whole number from -2147483648 to"
            + " 2147483647, but is the number 1.5",
        "oomScoreAdj: 2147483648 | 3:14: oomScoreAdj: must be a whole number from -2147483648 to"
            + " 2147483647, but is the number 2147483648",
        "oomScoreAdj: 1e999999999 | 3:14: oomScoreAdj: must be a whole number from -2147483648 to"
            + " 2147483647, but is the number 1e999999999",
        "logging: {verbosity: -1} | 3:22: logging.verbosity: must be a whole number from 0 to"
            + " 4294967295, but is the number -1",
        "clientConnection: {qps: x} | 3:25: clientConnection.qps: must be a number, but is the text"
            + " \"x\"",
        "clientConnection: {qps: .inf} | 3:25: clientConnection.qps: must be a number, but is the"
            + " number .inf",
        "clientConnection: {qps: 1e39} | 3:25: clientConnection.qps: must be a number, but is the"
            + " number 1e39",
        "configSyncPeriod: 30 | 3:19: configSyncPeriod: must be a duration such as \"30s\", but is"
            + " the number 30",
        "configSyncPeriod: 0 | 3:19: configSyncPeriod: must be a duration such as \"30s\", but is"
            + " the number 0",
        "configSyncPeriod: soon | 3:19: configSyncPeriod: must be a duration such as \"30s\", but"
            + " is the text \"soon\" (time: invalid duration \"soon\")",
        "logging: {flushFrequency: 1.5} | 3:27: logging.flushFrequency: must be a duration such as"
            + " \"30s\" or a number of nanoseconds, but is the number 1.5",
        "logging: {options: {text: {infoBufferSize: 5kk}}} | 3:44: logging.options.text"
            + ".infoBufferSize: must be a quantity such as 512 or \"64Ki\", but is the text \"5kk\""
            + " (unable to parse quantity's suffix)",
        "conntrack: 5 | 3:12: conntrack: must be a mapping, but is the number 5",
        "nodePortAddresses: primary | 3:20: nodePortAddresses: must be a list of texts, but is the"
            + " text \"primary\"",
        "nodePortAddresses: [a, 5] | 3:24: nodePortAddresses[1]: must be a text, but is the number"
            + " 5 (put it in quotes)",
        "logging: {vmodule: [x]} | 3:21: logging.vmodule[0]: must be a mapping, but is the text"
            + " \"x\"",
        "featureGates: {A: maybe} | 3:19: featureGates.A: must be a boolean (true or false), but is"
            + " the text \"maybe\"",
      })
  void refusesWrongTypes(String line, String expected) {
    assertThat(refusal(HEAD + line.strip())).isEqualTo("failed to decode: f.yaml:" + expected);
  }

  @Test
  void tellsAllWrongTypesAtOnce() {
    assertThat(refusal(HEAD + "mode: 5\nconntrack: {min: x}\n"))
        .isEqualTo(
            "failed to decode: [f.yaml:3:7: mode: must be a text, but is the number 5 (put it in"
                + " quotes), f.yaml:4:18: conntrack.min: must be a whole number from -2147483648 to"
                + " 2147483647, but is the text \"x\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "---\n# nothing\n---\nmode: ipvs\n"})
  void refusesAnEmptyFile(String text) {
    assertThat(refusal(text)).startsWith("failed to decode: f.yaml:").doesNotContain("ipvs");
  }

  @Test
  void refusesWhatIsNotOurs() {
    String wanted =
        "; a configuration of kube-proxy has apiVersion kubeproxy.config.k8s.io/v1alpha1 and kind"
            + " KubeProxyConfiguration";
    assertThat(refusal("mode: ipvs"))
        .isEqualTo("failed to decode: f.yaml:1:1: Object 'Kind' is missing" + wanted);
    assertThat(refusal("kind: KubeProxyConfiguration"))
        .isEqualTo("failed to decode: f.yaml:1:1: Object 'apiVersion' is missing" + wanted);
    assertThat(refusal(HEAD.replace("v1alpha1", "v1")))
        .isEqualTo(
            "failed to decode: f.yaml:1:1: no kind \"KubeProxyConfiguration\" is registered for"
                + " version \"kubeproxy.config.k8s.io/v1\""
                + wanted);
    assertThat(refusal(HEAD.replace("KubeProxy", "Kubelet")))
        .contains("no kind \"KubeletConfiguration\" is registered");
    assertThat(refusal("[]"))
        .isEqualTo("failed to decode: f.yaml:1:1: must be a mapping, but is a list");
  }

  @Test
  void refusesWhatIsNotYaml() {
    assertThat(refusal(HEAD + "mode: [a\nipvs: x\n"))
        .startsWith("failed to decode: f.yaml:")
        .contains("not valid YAML: ");
    assertThat(refusal(HEAD + "conntrack:\n\tmin: 5\n"))
        .startsWith("failed to decode: f.yaml:4:1: not valid YAML: found character");
    assertThat(refusal(HEAD + "? [a]\n: 5\n")).contains(":3:3: a key must be a single value");
  }

  @Test
  void readsNoMoreThanIsSensible() {
    assertThat(refusal(HEAD + "#".repeat(NodeReader.MAX_CHARACTERS)))
        .contains("more than 1048576 characters");
    assertThat(refusal("[".repeat(100_000))).endsWith(":1:33: nests deeper than 32");
    assertThat(refusal(HEAD + "a: &a [x]\nb: [" + "*a,".repeat(101) + "]\n"))
        .contains("more than 100 aliases");
    assertThat(refusal(HEAD + "a: &a [*a]\n")).contains("no anchor ends before the alias");
  }
}
