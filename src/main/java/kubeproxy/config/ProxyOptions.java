package kubeproxy.config;

import java.util.Optional;

/// Everything the proxy was asked for, checked and complete.
///
/// @param source where Services come from
/// @param mode how packets are steered; empty for the best that the node has
/// @param node which Node this is
/// @param traffic which traffic is handled
/// @param modes what each mode was asked for
/// @param conntrack settings of connection tracking
/// @param status servers for health and metrics
/// @param process what concerns the process itself
/// @param logging what is logged
/// @param actions what to do besides proxying
public record ProxyOptions(
    ObjectSource source,
    Optional<ProxyMode> mode,
    NodeIdentity node,
    TrafficOptions traffic,
    ModeOptions modes,
    ConntrackOptions conntrack,
    StatusOptions status,
    ProcessOptions process,
    LoggingOptions logging,
    ActionOptions actions) {

  /// How often a mode syncs.
  public SyncPeriods sync(ProxyMode inUse) {
    return modes.sync(inUse);
  }
}
