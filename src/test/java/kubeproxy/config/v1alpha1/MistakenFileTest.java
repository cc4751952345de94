package kubeproxy.config.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import kubeproxy.config.v1alpha1.ConfigurationReader.Read;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files with mistakes in them.
class MistakenFileTest {
  private static final String HEAD =
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

  private static Read.Known known(String text) {
    Read read = ConfigurationReader.read("f.yaml", text);
    assertThat(read).isInstanceOf(Read.Known.class);
    return (Read.Known) read;
  }

  private static String refusal(String text) {
    Read read = ConfigurationReader.read("f.yaml", text);
    assertThat(read).isInstanceOf(Read.Refused.class);
    return ((Read.Refused) read).reason();
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
