package kubeproxy.conformance;

import java.util.List;
import kubeproxy.iptables.apply.Variant;

/// The modes that the suite runs.
final class ConformanceModes {

  private ConformanceModes() {}

  /// All modes, each once.
  static List<ModeUnderTest> all() {
    return List.of(
        new NftablesMode(),
        new IptablesMode(Variant.NF_TABLES),
        new IptablesMode(Variant.LEGACY),
        new UserspaceMode(UserspaceMode.Portals.IPTABLES_NFT),
        new UserspaceMode(UserspaceMode.Portals.IPTABLES_LEGACY),
        new UserspaceMode(UserspaceMode.Portals.NFTABLES));
  }
}
