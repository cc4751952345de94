package kubeproxy.dataplane;

import java.util.List;

/// How a sync ended.
public sealed interface SyncOutcome {

  /// The kernel acknowledged everything.
  ///
  /// @param operations how many objects, elements or rules were created, changed or removed
  /// @param repaired how many of them were differences between what was installed and what was
  ///     observed, that is, someone else's doing; 0 unless the request asked to observe
  record Applied(int operations, int repaired) implements SyncOutcome {}

  /// The kernel refused and holds what it held before.
  ///
  /// @param refusals at least one; each names the operation that was refused
  record Rejected(List<Refusal> refusals) implements SyncOutcome {
    public Rejected {
      refusals = List.copyOf(refusals);
    }
  }

  /// It is unknown what the kernel holds now, or it was not what we believed: observe first.
  record Indeterminate(String reason) implements SyncOutcome {}
}
