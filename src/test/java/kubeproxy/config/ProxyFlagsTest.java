package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The table, flag by flag: what users may rely on.
class ProxyFlagsTest {

  private static final String EXPECTED =
      """
      manifests | path |  | SOURCE |
      proxy-mode | ProxyMode |  | MODE | 1.17
      hostname-override | string |  | MODE | 1.17
      bind-address | ip | 0.0.0.0 | MODE | 1.17
      feature-gates | mapStringBool |  | MODE | 1.17
      cluster-cidr | string |  | TRAFFIC | 1.17
      detect-local-mode | LocalMode |  | TRAFFIC | 1.18
      pod-bridge-interface | string |  | TRAFFIC | 1.24
      pod-interface-name-prefix | string |  | TRAFFIC | 1.24
      masquerade-all |  | false | TRAFFIC | 1.17
      nodeport-addresses | strings | [] | TRAFFIC | 1.17
      iptables-sync-period | duration | 30s | SYNC | 1.17
      iptables-min-sync-period | duration | 1s | SYNC | 1.17
      conntrack-max-per-core | int32 | 32768 | CONNTRACK | 1.17
      conntrack-min | int32 | 131072 | CONNTRACK | 1.17
      conntrack-tcp-timeout-established | duration | 24h0m0s | CONNTRACK | 1.17
      conntrack-tcp-timeout-close-wait | duration | 1h0m0s | CONNTRACK | 1.17
      conntrack-tcp-be-liberal |  | false | CONNTRACK | 1.29
      conntrack-udp-timeout | duration | 0s | CONNTRACK | 1.29
      conntrack-udp-timeout-stream | duration | 0s | CONNTRACK | 1.29
      healthz-bind-address | ipport | 0.0.0.0:10256 | STATUS | 1.17
      metrics-bind-address | ipport | 127.0.0.1:10249 | STATUS | 1.17
      healthz-port | int32 | 10256 | STATUS | 1.17 | hidden
      metrics-port | int32 | 10249 | STATUS | 1.17 | hidden
      oom-score-adj | int32 | -999 | PROCESS | 1.17
      v | Level | 0 | PROCESS | 1.17 | -v
      version | version | false | PROCESS | 1.17
      help |  | false | PROCESS | 1.17 | -h
      """;

  @Test
  void hasTheseFlags() {
    List<String> lines = new ArrayList<>();
    ProxyFlags.TABLE.flags().forEach(flag -> lines.add(line(flag)));
    assertThat(lines).containsExactlyElementsOf(EXPECTED.lines().toList());
  }

  private static <T> String line(Flag<T> flag) {
    String value = flag.type().format(flag.defaultValue());
    String line =
        String.join(
            " | ",
            flag.name(),
            flag.type().label(),
            value,
            flag.text().group().name(),
            flag.text().since());
    String hidden = flag.text().hidden() ? " | hidden" : "";
    String letter = flag.shorthand() == 0 ? "" : " | -" + flag.shorthand();
    return (line + hidden + letter).stripTrailing();
  }

  @Test
  void explainsEveryFlag() {
    for (Flag<?> flag : ProxyFlags.TABLE.flags()) {
      assertThat(flag.text().help()).as(flag.name()).endsWith(".").hasSizeGreaterThan(20);
      assertThat(flag.text().until()).as(flag.name()).isEmpty();
    }
  }

  @Test
  void hidesExactlyWhatIsDeprecated() {
    assertThat(ProxyFlags.TABLE.flags())
        .allMatch(flag -> flag.text().hidden() == !flag.text().deprecated().isEmpty());
  }

  @Test
  void refusesTwoFlagsOfOneName() {
    List<Flag<?>> twice = List.of(ProcessFlags.HELP, ProcessFlags.HELP);
    assertThatThrownBy(() -> new FlagTable(twice)).hasMessageContaining("-h, --help");
  }
}
