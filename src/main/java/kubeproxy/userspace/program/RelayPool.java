package kubeproxy.userspace.program;

import kubeproxy.plan.Pool;

/// Endpoints, and how connections are shared among them.
///
/// @param pool the endpoints, which take turns; with none, connections are reset
/// @param affinityTimeoutSeconds how long a client is sent to the same endpoint after its last new
///     connection, in seconds; 0 for no affinity
public record RelayPool(Pool pool, int affinityTimeoutSeconds) {}
