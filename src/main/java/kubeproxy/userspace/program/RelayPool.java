package kubeproxy.userspace.program;

import java.util.List;
import kubeproxy.plan.Backend;
import kubeproxy.plan.Pool;

/// Endpoints, and how connections are shared among them.
///
/// @param pool the endpoints, which take turns; with none, connections are reset
/// @param affinityTimeoutSeconds how long a client is sent to the same endpoint after its last new
///     connection, in seconds; 0 for no affinity
/// @param serving for UDP, the endpoints that keep the flows they have, in the pool or not; empty
///     for other protocols
public record RelayPool(Pool pool, int affinityTimeoutSeconds, List<Backend> serving) {

  public RelayPool {
    serving = List.copyOf(serving);
  }
}
