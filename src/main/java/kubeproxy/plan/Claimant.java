package kubeproxy.plan;

import java.util.Comparator;

/// Who claims a resource, ordered so that the first of several gets it: by kind of frontend, then
/// the older Service, then by key, then the port that stands first in the Service. Nothing of this
/// depends on the order in which the proxy came to know the Services, so that all nodes, and one
/// node before and after a restart, agree.
///
/// @param createdMillis when the Service was created; [#UNKNOWN_CREATION] if it does not say, for
///     leaving it out must be no way to win
/// @param portIndex position of the port in the planned Service
record Claimant(FrontendKind kind, long createdMillis, ServicePortName port, int portIndex)
    implements ClaimantSet, Comparable<Claimant> {

  /// Later than any creation.
  static final long UNKNOWN_CREATION = Long.MAX_VALUE;

  private static final Comparator<Claimant> ORDER =
      Comparator.comparing(Claimant::kind)
          .thenComparingLong(Claimant::createdMillis)
          .thenComparing(claimant -> claimant.port.service())
          .thenComparingInt(Claimant::portIndex)
          .thenComparing(claimant -> claimant.port.port())
          .thenComparing(claimant -> claimant.port.protocol());

  @Override
  public int compareTo(Claimant other) {
    return ORDER.compare(this, other);
  }

  /// The claimant in words, for messages.
  String describe() {
    return port + " (" + kind.label() + ")";
  }
}
