package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// On a kernel with nf_tables for IP and on one without.
@Tag("kernel")
@Tag("ipvs")
class NfTablesProbeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CHAIN = "PROBED";

  @ParameterizedTest
  @EnumSource
  void whatTheToolCanDoIsKnownBeforehand(IpFamily family) throws Exception {
    boolean expected = NfTablesProbe.hasTables(family);
    boolean made = nft(family, "-N", CHAIN);
    if (made) {
      nft(family, "-X", CHAIN);
    }
    assertThat(made).isEqualTo(expected);
    ToolChoice choice = new ToolFinder(Programs.ofHost()).find(family);
    assertThat(choice).isInstanceOf(ToolChoice.Found.class);
    Variant variant = ((ToolChoice.Found) choice).tools().variant();
    if (!expected) {
      assertThat(variant).isEqualTo(Variant.LEGACY);
    }
  }

  private static boolean nft(IpFamily family, String command, String chain)
      throws InterruptedException {
    String iptables = Tools.base(family) + "-nft";
    ProgramEnd end =
        Programs.ofHost()
            .run(ProgramCall.of(PATIENCE, iptables, "-w", "-t", "nat", command, chain));
    return end instanceof ProgramEnd.Exited exited && exited.succeeded();
  }
}
