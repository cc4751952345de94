package kubeproxy.testing.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.Verdict.Dropped;
import kubeproxy.testing.net.Verdict.Reached;
import kubeproxy.testing.net.Verdict.Refused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The kit itself, with rules written by hand for the `nft` tool: it must tell apart what a proxy
/// can do to a packet.
@Tag("kernel")
class TrafficTest {

  private static final String RULES =
      """
      table inet kit {
        chain prerouting {
          type nat hook prerouting priority -100
          ip daddr 172.30.0.1 meta l4proto { tcp, udp } dnat ip to 10.180.0.1
          ip daddr 172.30.0.2 meta l4proto { tcp, udp } dnat ip to 10.180.1.1
          ip daddr 1.2.3.4 meta l4proto { tcp, udp } mark set 1 dnat ip to 10.180.1.1
          ip6 daddr fd00:172:30::1 meta l4proto { tcp, udp } dnat ip6 to fd00:10:180::1
          ip6 daddr fd00:172:30::2 meta l4proto { tcp, udp } dnat ip6 to fd00:10:180:1::1
          ip6 daddr fd00:1:2:3::4 meta l4proto { tcp, udp } mark set 1 dnat ip6 to fd00:10:180:1::1
        }
        chain output {
          type nat hook output priority -100
          ip daddr 172.30.0.2 meta l4proto { tcp, udp } dnat ip to 10.180.1.1
        }
        chain postrouting {
          type nat hook postrouting priority 100
          mark 1 masquerade
          ct status dnat ip saddr 10.180.0.1 ip daddr 10.180.0.1 masquerade
          ct status dnat ip6 saddr fd00:10:180::1 ip6 daddr fd00:10:180::1 masquerade
        }
        chain input {
          type filter hook input priority 0
          ip daddr 192.168.0.2 th dport 3002 reject
          ip6 daddr 2001:db8::1 th dport 3002 reject
        }
        chain forward {
          type filter hook forward priority 0
          ip daddr 172.30.0.3 reject
          ip daddr 172.30.0.4 drop
          ip6 daddr fd00:172:30::3 reject
          ip6 daddr fd00:172:30::4 drop
        }
      }
      """;

  private final Topology topology = Topology.get();
  private final Traffic traffic = new Traffic(topology);

  @AfterEach
  void noRules() {
    traffic.close();
    topology.node().exec("nft", "flush", "ruleset");
  }

  static Stream<Arguments> familiesAndProtocols() {
    return Stream.of(Protocol.TCP, Protocol.UDP)
        .flatMap(protocol -> Stream.of(Arguments.of(4, protocol), Arguments.of(6, protocol)));
  }

  @ParameterizedTest
  @MethodSource("familiesAndProtocols")
  void everyPairOfHostsReachesEachOtherWithoutRules(int version, Protocol protocol) {
    Stream.of(
            pick(version, "10.180.0.1", "fd00:10:180::1"),
            pick(version, "10.180.0.5", "fd00:10:180::5"),
            pick(version, "192.168.0.2", "2001:db8::1"),
            pick(version, "192.168.1.2", "2001:db8:1::2"))
        .forEach(server -> {
          traffic.serve(server, 80, protocol);
          Stream.of(
                  pick(version, "10.0.0.2", "fd00:10::2"),
                  pick(version, "10.180.0.2", "fd00:10:180::2"),
                  pick(version, "10.180.1.3", "fd00:10:180:1::3"),
                  pick(version, "192.168.1.2", "2001:db8:1::2"),
                  pick(version, "203.0.113.130", "2600:5200::130"))
              .forEach(client ->
                  assertThat(ask(client, server, 80, protocol))
                      .isEqualTo(new Reached(server, 80, client)));
        });
  }

  @ParameterizedTest
  @MethodSource("familiesAndProtocols")
  void noClientHasThePortOfOneJustBefore(int version, Protocol protocol) throws Exception {
    IpAddress client = pick(version, "10.0.0.2", "fd00:10::2");
    IpAddress server = pick(version, "10.180.0.1", "fd00:10:180::1");
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      try (Flow flow = traffic.open(client, server, 80, protocol)) {
        assertThat(ports.add(flow.port())).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("familiesAndProtocols")
  void whatNobodyTranslatesArrivesFarAway(int version, Protocol protocol) {
    IpAddress service = pick(version, "172.30.7.7", "fd00:172:30::7:7");
    IpAddress client = pick(version, "10.0.0.2", "fd00:10::2");
    traffic.serve(service, 80, protocol);
    assertThat(ask(client, service, 80, protocol)).isEqualTo(new Reached(service, 80, client));
    IpAddress outside = pick(version, "203.0.113.2", "2600:5200::1");
    assertThat(ask(outside, service, 80, protocol)).isEqualTo(new Reached(service, 80, outside));
  }

  @ParameterizedTest
  @MethodSource("familiesAndProtocols")
  void verdictsTellWhatTheRulesDid(int version, Protocol protocol) {
    topology.node().execWithInput(RULES, "nft", "-f", "-");
    IpAddress near = pick(version, "10.180.0.1", "fd00:10:180::1");
    IpAddress far = pick(version, "10.180.1.1", "fd00:10:180:1::1");
    IpAddress pod = pick(version, "10.0.0.2", "fd00:10::2");
    IpAddress outside = pick(version, "203.0.113.2", "2600:5200::1");
    IpAddress node = pick(version, "192.168.0.2", "2001:db8::1");
    traffic.serve(near, 80, protocol);
    traffic.serve(far, 80, protocol);
    traffic.serve(node, 3002, protocol);

    IpAddress nearService = pick(version, "172.30.0.1", "fd00:172:30::1");
    assertThat(ask(pod, nearService, 80, protocol)).isEqualTo(new Reached(near, 80, pod));
    IpAddress farService = pick(version, "172.30.0.2", "fd00:172:30::2");
    assertThat(ask(outside, farService, 80, protocol)).isEqualTo(new Reached(far, 80, outside));
    IpAddress masqueraded = pick(version, "1.2.3.4", "fd00:1:2:3::4");
    assertThat(ask(outside, masqueraded, 80, protocol)).isEqualTo(new Reached(far, 80, node));
    IpAddress gateway = pick(version, "10.180.0.254", "fd00:10:180::fe");
    assertThat(ask(near, nearService, 80, protocol)).isEqualTo(new Reached(near, 80, gateway));
    assertThat(ask(outside, node, 3002, protocol)).isEqualTo(new Refused());
    for (int i = 0; i < 3; i++) {
      assertThat(ask(pod, pick(version, "172.30.0.3", "fd00:172:30::3"), 80, protocol))
          .isEqualTo(new Refused());
    }
    assertThat(
            traffic.ask(
                pod,
                pick(version, "172.30.0.4", "fd00:172:30::4"),
                80,
                protocol,
                Traffic.FOR_SILENCE))
        .isEqualTo(new Dropped());
  }

  @ParameterizedTest
  @MethodSource("familiesAndProtocols")
  void aFlowKeepsItsTranslation(int version, Protocol protocol) {
    topology.node().execWithInput(RULES, "nft", "-f", "-");
    IpAddress near = pick(version, "10.180.0.1", "fd00:10:180::1");
    IpAddress pod = pick(version, "10.0.0.2", "fd00:10::2");
    IpAddress service = pick(version, "172.30.0.1", "fd00:172:30::1");
    traffic.serve(near, 80, protocol);
    try (Flow flow = traffic.open(pod, service, 80, protocol)) {
      assertThat(flow.ask(Traffic.FOR_AN_ANSWER)).isEqualTo(new Reached(near, 80, pod));
      topology.node().exec("nft", "flush", "chain", "inet", "kit", "prerouting");
      assertThat(flow.ask(Traffic.FOR_AN_ANSWER)).isEqualTo(new Reached(near, 80, pod));
    }
  }

  @Test
  void theNodeIsAClientToo() {
    topology.node().execWithInput(RULES, "nft", "-f", "-");
    IpAddress far = IpAddress.of("10.180.1.1");
    traffic.serve(far, 80, Protocol.TCP);
    IpAddress node = IpAddress.of("192.168.1.2");
    assertThat(ask(node, IpAddress.of("172.30.0.2"), 80, Protocol.TCP))
        .isEqualTo(new Reached(far, 80, node));
  }

  private Verdict ask(IpAddress source, IpAddress destination, int port, Protocol protocol) {
    return traffic.ask(source, destination, port, protocol, Duration.ofSeconds(2));
  }

  private static IpAddress pick(int version, String four, String six) {
    return IpAddress.of(version == 4 ? four : six);
  }
}
