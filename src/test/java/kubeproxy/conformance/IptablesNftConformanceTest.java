package kubeproxy.conformance;

import kubeproxy.iptables.apply.Variant;

/// The suite in the `iptables` mode, by tools that write to nf_tables.
class IptablesNftConformanceTest extends ConformanceSuite {

  IptablesNftConformanceTest() {
    super(new IptablesMode(Variant.NF_TABLES));
  }
}
