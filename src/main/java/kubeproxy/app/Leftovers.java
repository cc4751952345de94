package kubeproxy.app;

import java.util.List;
import kubeproxy.dataplane.ModeCleanup;
import kubeproxy.nftables.apply.NftablesCleanup;

/// What proxies of any mode, ours and upstream's, may have left on this node.
final class Leftovers {

  private Leftovers() {}

  /// The clean-ups of all modes, in the order in which to do them.
  static List<ModeCleanup> all() {
    return List.of(new NftablesCleanup());
  }
}
