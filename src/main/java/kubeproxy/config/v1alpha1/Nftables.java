package kubeproxy.config.v1alpha1;

import java.time.Duration;

/// `nftables`: the nftables mode.
///
/// @param masqueradeBit the bit of the packet mark for what is to be masqueraded
/// @param masqueradeAll whether all traffic to cluster IPs is masqueraded
/// @param syncPeriod how often everything is looked at
/// @param minSyncPeriod least time between two syncs
public record Nftables(
    int masqueradeBit, boolean masqueradeAll, Duration syncPeriod, Duration minSyncPeriod) {

  /// What counts where nothing is said.
  public static final Nftables DEFAULT =
      new Nftables(14, false, Duration.ofSeconds(30), Duration.ofSeconds(1));
}
