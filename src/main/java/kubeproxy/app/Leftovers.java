package kubeproxy.app;

import java.util.List;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.nftables.apply.NftablesCleanup;

/// What proxies of any mode, ours and upstream's, may have left on this node.
final class Leftovers {

  private Leftovers() {}

  /// The clean-ups of all modes, in the order in which to do them.
  static List<ModeCleanup> all() {
    return List.of(new IptablesCleanup(Programs.ofHost()), new NftablesCleanup());
  }
}
