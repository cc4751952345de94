package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import kubeproxy.testing.net.Sctp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The suite in the `ipvs` mode, in a kernel that has virtual servers.
@Tag("ipvs")
class IpvsConformanceTest extends ConformanceSuite {

  IpvsConformanceTest() {
    super(new IpvsMode());
  }

  @Test
  void sctpIsSentAndNotOnlyLookedAt() {
    assertThat(Sctp.isSpoken()).isTrue();
  }
}
