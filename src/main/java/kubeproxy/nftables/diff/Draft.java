package kubeproxy.nftables.diff;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.Slots;
import org.jspecify.annotations.Nullable;

/// A proposal in the making: operations are collected by the stage they belong to, so that the order
/// of a transaction is decided here and nowhere else.
final class Draft {
  private final List<Operation> tables = new ArrayList<>();
  private final List<Operation> newChains = new ArrayList<>();
  private final Set<String> flushes = new LinkedHashSet<>();
  private final List<Operation> sets = new ArrayList<>();
  private final Set<NamedSet> recreated = EnumSet.noneOf(NamedSet.class);
  private final Map<NamedSet, List<Operation>> removals = new EnumMap<>(NamedSet.class);
  private final Map<NamedSet, List<Operation>> puts = new EnumMap<>(NamedSet.class);
  private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
  private final List<Operation> goneChains = new ArrayList<>();

  private final Map<ObjectKey, @Nullable Fragment> fragments = new HashMap<>();
  private final Map<ShapeChain, List<Rule>> newShapes = new TreeMap<>();
  private final Set<ShapeChain> goneShapes = new HashSet<>();
  private final Set<String> newLeftovers = new TreeSet<>();
  private final Set<String> goneLeftovers = new TreeSet<>();
  private final Map<NamedSet, Integer> sizes = new EnumMap<>(NamedSet.class);
  private final Map<NamedSet, Integer> counts = new EnumMap<>(NamedSet.class);

  void table(Operation operation) {
    tables.add(operation);
  }

  void addSet(NamedSet set, int size) {
    sets.add(new Operation.AddSet(set, size));
    sizes.put(set, size);
  }

  /// Makes a set anew: its elements go with the old one, so those noted so far are forgotten and
  /// all that it is to hold must be put again.
  void recreateSet(NamedSet set, int size) {
    sets.add(new Operation.DeleteSet(set));
    addSet(set, size);
    recreated.add(set);
    removals.remove(set);
    puts.remove(set);
  }

  /// Keeps a set that was observed.
  void keepSet(NamedSet set, int size) {
    sizes.put(set, size);
  }

  /// The sets made anew so far.
  Set<NamedSet> recreatedSets() {
    return recreated;
  }

  /// Puts an element, changed or not, into a set made anew.
  void putAgain(@Nullable ObjectKey owner, Element element) {
    puts(element.set()).add(new Operation.PutElement(owner, element));
  }

  /// Puts a slot, changed or not, into a set made anew.
  void putSlotAgain(@Nullable ObjectKey owner, Slots slots, int index) {
    puts(slots.set()).add(new Operation.PutSlot(owner, slots, index));
  }

  void addChain(ChainRules chain) {
    newChains.add(new Operation.AddChain(chain.name(), chain.hook()));
    rules.put(chain.name(), chain.rules());
  }

  void replaceRules(String chain, List<Rule> desired) {
    flushes.add(chain);
    rules.put(chain, desired);
  }

  void deleteChain(String chain) {
    // Flushed first: chains that go may lead to one another.
    flushes.add(chain);
    goneChains.add(new Operation.DeleteChain(chain));
  }

  void put(@Nullable ObjectKey owner, Element element) {
    puts(element.set()).add(new Operation.PutElement(owner, element));
    count(element.set(), 1);
  }

  void remove(@Nullable ObjectKey owner, Element element) {
    removals(element.set()).add(new Operation.RemoveElement(owner, element));
    count(element.set(), -1);
  }

  void putSlot(@Nullable ObjectKey owner, Slots slots, int index) {
    puts(slots.set()).add(new Operation.PutSlot(owner, slots, index));
    count(slots.set(), 1);
  }

  void removeSlot(@Nullable ObjectKey owner, Slots slots, int index) {
    removals(slots.set()).add(new Operation.RemoveSlot(owner, slots, index));
    count(slots.set(), -1);
  }

  private List<Operation> puts(NamedSet set) {
    return puts.computeIfAbsent(set, _ -> new ArrayList<>());
  }

  private List<Operation> removals(NamedSet set) {
    return removals.computeIfAbsent(set, _ -> new ArrayList<>());
  }

  private void count(NamedSet set, int change) {
    counts.merge(set, change, Integer::sum);
  }

  /// By how much the number of elements changes so far.
  int countChange(NamedSet set) {
    return counts.getOrDefault(set, 0);
  }

  void fragment(ObjectKey service, @Nullable Fragment fragment) {
    fragments.put(service, fragment);
  }

  Map<ObjectKey, @Nullable Fragment> fragments() {
    return fragments;
  }

  void newShape(ShapeChain shape, List<Rule> shapeRules) {
    newShapes.put(shape, shapeRules);
  }

  Map<ShapeChain, List<Rule>> newShapes() {
    return newShapes;
  }

  void goneShape(ShapeChain shape) {
    goneShapes.add(shape);
  }

  void newLeftover(String chain) {
    newLeftovers.add(chain);
  }

  void goneLeftover(String chain) {
    goneLeftovers.add(chain);
  }

  /// The proposal.
  ///
  /// @param before what its changes are relative to; null if it is everything
  Proposal finish(
      IpFamily family, @Nullable Installed before, Fragment node, List<ChainRules> chains) {
    Map<NamedSet, Integer> totals = new EnumMap<>(NamedSet.class);
    counts.forEach(
        (set, change) -> totals.put(set, change + (before == null ? 0 : before.count(set))));
    return new Proposal(
        new Transaction(family, operations()),
        before == null,
        fragments,
        node,
        chains,
        newShapes,
        goneShapes,
        newLeftovers,
        goneLeftovers,
        sizes,
        totals);
  }

  private List<Operation> operations() {
    List<Operation> all = new ArrayList<>(tables);
    all.addAll(newChains);
    flushes.forEach(chain -> all.add(new Operation.FlushChain(chain)));
    all.addAll(sets);
    rules.forEach((chain, desired) -> {
      if (!desired.isEmpty()) {
        all.add(new Operation.AddRules(chain, desired));
      }
    });
    removals.values().forEach(all::addAll);
    puts.values().forEach(all::addAll);
    all.addAll(goneChains);
    return all;
  }
}
