package kubeproxy.conformance;

import org.junit.jupiter.api.Tag;

/// The suite in the `nftables` mode.
@Tag("kernel")
class NftablesConformanceTest extends ConformanceSuite {

  NftablesConformanceTest() {
    super(new NftablesMode());
  }
}
