package kubeproxy.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which endpoints are near enough, by the hints that the control plane writes into slices
/// (KEP-2433, KEP-3015).
enum TopologyPreference {
  /// All are.
  NONE,
  /// Those meant for our zone.
  SAME_ZONE,
  /// Those meant for our node.
  SAME_NODE;

  /// The preference that the hints call for. Hints are followed only if they are complete, which
  /// they are not while they are rolled out or back, and if they leave an endpoint for us.
  static TopologyPreference of(List<Candidate> ready, OwnNode node) {
    if (isComplete(SAME_NODE, ready, node)) {
      return SAME_NODE;
    }
    return isComplete(SAME_ZONE, ready, node) ? SAME_ZONE : NONE;
  }

  private static boolean isComplete(
      TopologyPreference preference, List<Candidate> ready, OwnNode node) {
    boolean admitted = false;
    for (Candidate candidate : ready) {
      if (preference.hints(candidate).isEmpty()) {
        return false;
      }
      admitted |= preference.admits(candidate, node);
    }
    return admitted;
  }

  private List<String> hints(Candidate candidate) {
    return switch (this) {
      case NONE -> List.of();
      case SAME_ZONE -> candidate.endpoint().zoneHints();
      case SAME_NODE -> candidate.endpoint().nodeHints();
    };
  }

  /// Whether an endpoint is near enough.
  boolean admits(Candidate candidate, OwnNode node) {
    return switch (this) {
      case NONE -> true;
      case SAME_ZONE -> names(hints(candidate), node.zone());
      case SAME_NODE -> names(hints(candidate), node.name());
    };
  }

  private static boolean names(List<String> hints, @Nullable String own) {
    return own != null && !own.isEmpty() && hints.contains(own);
  }
}
