package kubeproxy.plan;

import java.util.TreeSet;

/// Who claims one resource: nearly always a single claimant, which then stands for itself.
sealed interface ClaimantSet permits Claimant, ClaimantSet.Contest {

  /// At least two claimants. Changed in place by the index that holds it.
  record Contest(TreeSet<Claimant> claimants) implements ClaimantSet {}

  /// The one who gets it.
  default Claimant owner() {
    return switch (this) {
      case Claimant only -> only;
      case Contest(TreeSet<Claimant> claimants) -> claimants.first();
    };
  }
}
