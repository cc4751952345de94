package kubeproxy.conformance;

import kubeproxy.iptables.apply.Variant;
import org.junit.jupiter.api.Tag;

/// The suite in the `iptables` mode, by the tools that are older than nf_tables.
@Tag("kernel")
class IptablesLegacyConformanceTest extends ConformanceSuite {

  IptablesLegacyConformanceTest() {
    super(new IptablesMode(Variant.LEGACY));
  }
}
