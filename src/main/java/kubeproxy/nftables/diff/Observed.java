package kubeproxy.nftables.diff;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.NamedSet;
import org.jspecify.annotations.Nullable;

/// What the kernel holds under the name of our table.
///
/// @param exists whether there is such a table at all
/// @param chains by name
/// @param sets those that are ours, by name and definition
/// @param foreignSets names of sets that are not: then the table is somebody else's, upstream
///     kube-proxy's or an older version's, and is replaced as a whole
public record Observed(
    boolean exists,
    Map<String, ObservedChain> chains,
    Map<NamedSet, ObservedSet> sets,
    Set<String> foreignSets) {

  /// No such table.
  public static final Observed NOTHING = new Observed(false, Map.of(), Map.of(), Set.of());

  public Observed {
    chains = Map.copyOf(chains);
    sets = Map.copyOf(sets);
    foreignSets = Set.copyOf(foreignSets);
  }

  /// A chain.
  ///
  /// @param fingerprints of its rules, in order; 0 for a rule that is not of our making
  public record ObservedChain(@Nullable Hook hook, List<Long> fingerprints) {
    public ObservedChain {
      fingerprints = List.copyOf(fingerprints);
    }
  }

  /// A set.
  ///
  /// @param size the most elements it can hold, 0 for no limit
  /// @param elements what it holds; empty for sets that packets fill
  public record ObservedSet(int size, List<Element> elements) {
    public ObservedSet {
      elements = List.copyOf(elements);
    }
  }

  /// Whether the table has our layout, so that only differences need to be installed.
  public boolean isOurs() {
    return exists && foreignSets.isEmpty() && sets.size() == NamedSet.values().length;
  }
}
