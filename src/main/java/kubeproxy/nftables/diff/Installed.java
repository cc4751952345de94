package kubeproxy.nftables.diff;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import org.jspecify.annotations.Nullable;

/// What the kernel last acknowledged, in one family. Changes only by accepting a [Proposal] that
/// the kernel has acknowledged. Used by the sync thread only.
public final class Installed {
  private final Map<ObjectKey, Fragment> fragments = new HashMap<>();
  private final Map<NamedSet, Integer> sizes = new EnumMap<>(NamedSet.class);
  private final Map<NamedSet, Integer> counts = new EnumMap<>(NamedSet.class);
  private final Map<ShapeChain, List<Rule>> shapes = new HashMap<>();
  private final Set<String> leftovers = new TreeSet<>();
  private List<ChainRules> chains = List.of();
  private Fragment node = Fragment.EMPTY;

  /// The fragment of a Service; the empty one if it has none.
  public Fragment fragment(ObjectKey service) {
    return fragments.getOrDefault(service, Fragment.EMPTY);
  }

  /// All fragments.
  public Map<ObjectKey, Fragment> fragments() {
    return fragments;
  }

  /// The elements that belong to the node.
  public Fragment node() {
    return node;
  }

  /// The chains that are always there.
  public List<ChainRules> chains() {
    return chains;
  }

  /// The shape chains that are there, needed or not, and their rules.
  public Map<ShapeChain, List<Rule>> shapes() {
    return shapes;
  }

  /// Chains that are there, but are not part of any program of ours.
  public Set<String> leftovers() {
    return leftovers;
  }

  /// How many elements a set can hold.
  public int size(NamedSet set) {
    return sizes.getOrDefault(set, 0);
  }

  /// How many elements of ours a set holds.
  public int count(NamedSet set) {
    return counts.getOrDefault(set, 0);
  }

  /// Number of chains.
  public int chainCount() {
    return chains.size() + shapes.size() + leftovers.size();
  }

  /// The shape chains that some fragment needs.
  public Set<ShapeChain> neededShapes() {
    Set<ShapeChain> needed = new HashSet<>();
    fragments.values().forEach(fragment -> addShapes(fragment, needed));
    return needed;
  }

  static void addShapes(Fragment fragment, Set<ShapeChain> needed) {
    for (ShapeChain shape : fragment.shapes()) {
      if (needed.add(shape)) {
        shape.leadsTo().forEach(needed::add);
      }
    }
  }

  /// Takes over what the kernel has acknowledged.
  public void accept(Proposal proposal) {
    if (proposal.startsOver()) {
      fragments.clear();
      shapes.clear();
      leftovers.clear();
    }
    proposal.fragments().forEach(this::put);
    node = proposal.node();
    chains = proposal.chains();
    shapes.putAll(proposal.newShapes());
    shapes.keySet().removeAll(proposal.goneShapes());
    leftovers.addAll(proposal.newLeftovers());
    leftovers.removeAll(proposal.goneLeftovers());
    sizes.putAll(proposal.sizes());
    counts.putAll(proposal.counts());
  }

  private void put(ObjectKey service, @Nullable Fragment fragment) {
    if (fragment == null || fragment.equals(Fragment.EMPTY)) {
      fragments.remove(service);
    } else {
      fragments.put(service, fragment);
    }
  }
}
