package kubeproxy.config;

/// Everything the proxy was asked for, checked and complete.
///
/// @param manifests file or folder with manifests
public record ProxyOptions(
    String manifests,
    ProxyMode mode,
    NodeIdentity node,
    TrafficOptions traffic,
    SyncPeriods sync,
    ConntrackOptions conntrack,
    StatusOptions status,
    ProcessOptions process) {}
