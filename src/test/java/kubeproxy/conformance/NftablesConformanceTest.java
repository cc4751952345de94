package kubeproxy.conformance;

/// The suite in the `nftables` mode.
class NftablesConformanceTest extends ConformanceSuite {

  NftablesConformanceTest() {
    super(new NftablesMode());
  }
}
