package kubeproxy.conformance;

import org.junit.jupiter.api.Tag;

/// What rules decide, in the `userspace` mode without iptables.
@Tag("kernel")
class UserspaceNftablesConformanceTest extends ConformanceSuite {

  UserspaceNftablesConformanceTest() {
    super(new UserspaceMode(UserspaceMode.Portals.NFTABLES));
  }
}
