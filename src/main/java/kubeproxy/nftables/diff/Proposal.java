package kubeproxy.nftables.diff;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import org.jspecify.annotations.Nullable;

/// A transaction and what is installed once the kernel has acknowledged it.
///
/// @param startsOver whether this is everything, rather than changes to what is installed
/// @param fragments by Service, with the numbers their backends get; null for those that go
/// @param sizes of the sets that are made
/// @param counts elements of the sets whose number changes
/// @param newLeftovers chains that were found and belong to nothing
public record Proposal(
    Transaction transaction,
    boolean startsOver,
    Map<ObjectKey, ? extends @Nullable Fragment> fragments,
    Fragment node,
    List<ChainRules> chains,
    Map<ShapeChain, List<Rule>> newShapes,
    Set<ShapeChain> goneShapes,
    Set<String> newLeftovers,
    Set<String> goneLeftovers,
    Map<NamedSet, Integer> sizes,
    Map<NamedSet, Integer> counts) {

  /// The same with other counts.
  Proposal withCounts(Map<NamedSet, Integer> other) {
    return new Proposal(
        transaction,
        startsOver,
        fragments,
        node,
        chains,
        newShapes,
        goneShapes,
        newLeftovers,
        goneLeftovers,
        sizes,
        other);
  }
}
