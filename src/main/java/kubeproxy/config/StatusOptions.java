package kubeproxy.config;

import java.util.Optional;

/// The servers for health and metrics.
///
/// @param healthz where health is served; empty if it is not
/// @param metrics where metrics are served; empty if they are not
/// @param hardFail whether the process ends if one of them cannot listen
/// @param profiling whether the metrics server also serves profiles
/// @param showHiddenMetrics whether metrics that the last release hid are shown
public record StatusOptions(
    Optional<ListenAddress> healthz,
    Optional<ListenAddress> metrics,
    boolean hardFail,
    boolean profiling,
    boolean showHiddenMetrics) {}
