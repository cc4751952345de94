package kubeproxy.nftables.diff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Gives backends their numbers so that as few as possible change: one that is there keeps its
/// number if it can, and the others fill the gaps.
final class SlotAssignment {
  private SlotAssignment() {}

  /// The backends in the order of their new numbers.
  ///
  /// @param before the backend of each number now; null where there is none
  /// @param desired without duplicates
  static List<Backend> assign(List<? extends @Nullable Backend> before, List<Backend> desired) {
    Set<Backend> left = new HashSet<>(desired);
    List<@Nullable Backend> slots = new ArrayList<>(desired.size());
    for (int i = 0; i < desired.size(); i++) {
      Backend kept = i < before.size() ? before.get(i) : null;
      slots.add(kept != null && left.remove(kept) ? kept : null);
    }
    List<Backend> result = new ArrayList<>(desired.size());
    int next = 0;
    for (Backend slot : slots) {
      if (slot == null) {
        while (!left.contains(desired.get(next))) {
          next++;
        }
        slot = desired.get(next++);
      }
      result.add(slot);
    }
    return result;
  }
}
