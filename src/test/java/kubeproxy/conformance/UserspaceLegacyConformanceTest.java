package kubeproxy.conformance;

import org.junit.jupiter.api.Tag;

/// What rules decide, in the `userspace` mode with the legacy tools.
@Tag("kernel")
class UserspaceLegacyConformanceTest extends ConformanceSuite {

  UserspaceLegacyConformanceTest() {
    super(new UserspaceMode(UserspaceMode.Portals.IPTABLES_LEGACY));
  }
}
