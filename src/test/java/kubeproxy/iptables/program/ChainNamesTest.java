package kubeproxy.iptables.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The names that others look for; the values are upstream's.
class ChainNamesTest {
  private final ChainNames names = new ChainNames();

  @ParameterizedTest
  @CsvSource({
    "ns1/svc1:p80, tcp, XPGD46QRK7WJZT7O",
    "ns2/svc2:p80, tcp, GNZBNJ2PO5MGZ6GT",
    "ns3/svc3:p80, tcp, X27LE4BHSL4DOUIK",
    "ns4/svc4:p80, tcp, 4SW47YFZTEDKD3PK",
    "ns5/svc5:p80, tcp, NUKIZ6OKUXPJNT4C",
    "ns1/svc1, udp, A2PEVXD55OHK2IVW",
  })
  void portsAreNamedAsUpstream(String port, String protocol, String hash) {
    assertThat(names.port(port, protocol)).isEqualTo(hash);
  }

  @ParameterizedTest
  @CsvSource({
    "ns1/svc1:p80, 10.180.0.1:80, KUBE-SEP-SXIVWICOYRO3J4NJ",
    "ns4/svc4:p80, 10.180.0.5:80, KUBE-SEP-C6EBXVWJJZMIWKLZ",
    "ns1/svc1:p80, [fd00::1]:80, KUBE-SEP-T5UNFIPVCZXM3U7X",
  })
  void endpointsAreNamedAsUpstream(String port, String endpoint, String chain) {
    assertThat(names.endpoint(port, "tcp", endpoint)).isEqualTo(chain);
  }

  @Test
  void onlyChainsOfServicesAreOfServices() {
    assertThat(ChainNames.isOfService("KUBE-SVL-A2PEVXD55OHK2IVW")).isTrue();
    assertThat(ChainNames.isOfService("KUBE-XLB-A2PEVXD55OHK2IVW")).isTrue();
    assertThat(ChainNames.isOfService("KUBE-SERVICES")).isFalse();
    assertThat(ChainNames.isOfService("KUBE-KUBELET-CANARY")).isFalse();
  }
}
