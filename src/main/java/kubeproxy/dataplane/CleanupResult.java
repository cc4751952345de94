package kubeproxy.dataplane;

import java.util.List;

/// What became of a clean-up.
///
/// @param removed what was there and is gone, as people call it: `table ip kube-proxy`
/// @param failures what may still be there
public record CleanupResult(List<String> removed, List<Failure> failures) {

  /// A step that failed.
  ///
  /// @param step what was to be removed
  /// @param reason for people
  public record Failure(String step, String reason) {}

  public CleanupResult {
    removed = List.copyOf(removed);
    failures = List.copyOf(failures);
  }

  /// Whether nothing is left.
  public boolean succeeded() {
    return failures.isEmpty();
  }
}
