package kubeproxy.nftables.diff;

import java.util.List;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Slots;
import org.jspecify.annotations.Nullable;

/// One change of our table.
public sealed interface Operation {

  /// The Service it is for, or null where it is for all.
  default @Nullable ObjectKey owner() {
    return null;
  }

  /// Removes the table with all that is in it.
  record DeleteTable() implements Operation {}

  /// Creates the table.
  record AddTable() implements Operation {}

  /// Creates a set or map.
  ///
  /// @param size the most elements it can hold; 0 for no limit. With a limit the kernel lays out
  ///     its buckets once, which makes filling it several times faster
  record AddSet(NamedSet set, int size) implements Operation {}

  /// Removes a set that no rule refers to.
  record DeleteSet(NamedSet set) implements Operation {}

  /// Creates a chain without rules.
  record AddChain(String chain, @Nullable Hook hook) implements Operation {}

  /// Removes all rules of a chain.
  record FlushChain(String chain) implements Operation {}

  /// Adds rules at the end of a chain.
  record AddRules(String chain, List<Rule> rules) implements Operation {
    public AddRules {
      rules = List.copyOf(rules);
    }
  }

  /// Removes a chain that nothing leads to.
  record DeleteChain(String chain) implements Operation {}

  /// Adds an element that is not there.
  record PutElement(@Nullable ObjectKey owner, Element element) implements Operation {}

  /// Removes an element that is there.
  record RemoveElement(@Nullable ObjectKey owner, Element element) implements Operation {}

  /// Adds the element of one slot.
  record PutSlot(@Nullable ObjectKey owner, Slots slots, int index) implements Operation {}

  /// Removes the element of one slot.
  record RemoveSlot(@Nullable ObjectKey owner, Slots slots, int index) implements Operation {}
}
