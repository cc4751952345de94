package kubeproxy.conformance;

import kubeproxy.iptables.apply.Variant;
import org.junit.jupiter.api.Tag;

/// The suite in the `iptables` mode, by tools that write to nf_tables.
@Tag("kernel")
class IptablesNftConformanceTest extends ConformanceSuite {

  IptablesNftConformanceTest() {
    super(new IptablesMode(Variant.NF_TABLES));
  }
}
