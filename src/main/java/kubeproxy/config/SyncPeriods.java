package kubeproxy.config;

import java.time.Duration;

/// How often rules are written.
///
/// @param period how soon a failed sync is tried again; half the time after which a node that
///   cannot sync is unhealthy. Positive
/// @param minimum least time from the end of a sync to the next, 0 to `period`
public record SyncPeriods(Duration period, Duration minimum) {}
