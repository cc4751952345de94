package kubeproxy.engine;

import java.util.List;
import java.util.OptionalLong;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodePlan;
import org.jspecify.annotations.Nullable;

/// Where one family stands. Immutable; read by any thread.
///
/// @param desiredRevision revision of the snapshot that was planned last, -1 before the first
/// @param installedRevision revision of the newest snapshot whose plan is installed, except for the
///   Services set aside; -1 before the first
/// @param installedPosition position in the [Inbox] up to which everything is installed likewise
/// @param appliedNanos when a sync last succeeded, by the engine's clock
/// @param pendingSinceNanos since when there is something that is wanted and not installed
/// @param setAside Services that the kernel refused, sorted
/// @param desired the plan that is wanted
/// @param installed the plan that is installed; a Service set aside is in it as it was before
public record FamilyStatus(
    IpFamily family,
    long desiredRevision,
    long installedRevision,
    long installedPosition,
    OptionalLong appliedNanos,
    OptionalLong pendingSinceNanos,
    List<SetAsideService> setAside,
    @Nullable NodePlan desired,
    @Nullable NodePlan installed) {

  public FamilyStatus {
    setAside = List.copyOf(setAside);
  }

  /// The status before anything was planned.
  static FamilyStatus initial(IpFamily family) {
    return new FamilyStatus(
        family, -1, -1, -1, OptionalLong.empty(), OptionalLong.empty(), List.of(), null, null);
  }
}
