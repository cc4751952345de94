package kubeproxy.conformance;

import org.junit.jupiter.api.Tag;

/// The suite in the `userspace` mode, whose rules iptables writes to nf_tables.
@Tag("kernel")
class UserspaceConformanceTest extends ConformanceSuite {

  UserspaceConformanceTest() {
    super(new UserspaceMode(UserspaceMode.Portals.IPTABLES_NFT));
  }
}
