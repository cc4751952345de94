package kubeproxy.relay;

import java.util.List;
import kubeproxy.plan.Backend;

/// Where to send what clients of a Service port send, and how long they stay with one backend.
///
/// @param backends in any order, each once; with none, connections are reset and datagrams dropped
/// @param affinityTimeoutSeconds how long a client address sticks to its backend after its last new
///     connection or flow, in seconds; 0 for no session affinity
/// @param serving backends that keep the UDP flows that they have, whether they get new ones or not
public record BackendChoice(
    List<Backend> backends, int affinityTimeoutSeconds, List<Backend> serving) {

  public BackendChoice {
    backends = List.copyOf(backends);
    serving = List.copyOf(serving);
    if (affinityTimeoutSeconds < 0) {
      throw new IllegalArgumentException("a timeout of " + affinityTimeoutSeconds + " s");
    }
  }

  /// Those that get nothing new keep nothing either.
  public BackendChoice(List<Backend> backends, int affinityTimeoutSeconds) {
    this(backends, affinityTimeoutSeconds, List.of());
  }

  /// Backends that take turns.
  public static BackendChoice roundRobin(List<Backend> backends) {
    return new BackendChoice(backends, 0);
  }
}
