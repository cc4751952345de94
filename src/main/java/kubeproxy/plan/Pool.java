package kubeproxy.plan;

import java.util.List;

/// The backends that share a frontend's connections, each equally likely.
///
/// @param backends sorted, without duplicates
public record Pool(List<Backend> backends) {

  /// No backend.
  public static final Pool EMPTY = new Pool(List.of());

  public Pool {
    backends = List.copyOf(backends);
  }

  /// Whether there is no backend.
  public boolean isEmpty() {
    return backends.isEmpty();
  }

  /// Number of backends.
  public int size() {
    return backends.size();
  }
}
