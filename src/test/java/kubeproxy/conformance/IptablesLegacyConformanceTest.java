package kubeproxy.conformance;

import kubeproxy.iptables.apply.Variant;

/// The suite in the `iptables` mode, by the tools that are older than nf_tables.
class IptablesLegacyConformanceTest extends ConformanceSuite {

  IptablesLegacyConformanceTest() {
    super(new IptablesMode(Variant.LEGACY));
  }
}
