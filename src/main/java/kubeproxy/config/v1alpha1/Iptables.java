package kubeproxy.config.v1alpha1;

import java.time.Duration;

/// `iptables`: the iptables mode, and in part the ipvs and userspace modes.
///
/// @param masqueradeBit the bit of the packet mark for what is to be masqueraded; ipvs mode too
/// @param masqueradeAll whether all traffic to cluster IPs is masqueraded; ipvs mode too
/// @param localhostNodePorts whether node ports answer on 127.0.0.1
/// @param syncPeriod how often everything is looked at; userspace mode too
/// @param minSyncPeriod least time between two syncs; userspace mode too
public record Iptables(
    int masqueradeBit,
    boolean masqueradeAll,
    boolean localhostNodePorts,
    Duration syncPeriod,
    Duration minSyncPeriod) {

  /// What counts where nothing is said.
  public static final Iptables DEFAULT =
      new Iptables(14, false, true, Duration.ofSeconds(30), Duration.ofSeconds(1));
}
