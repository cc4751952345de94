package kubeproxy.conformance;

import org.junit.jupiter.api.Tag;

/// The suite in the `ipvs` mode, in a kernel that has virtual servers.
@Tag("ipvs")
class IpvsConformanceTest extends ConformanceSuite {

  IpvsConformanceTest() {
    super(new IpvsMode());
  }
}
