package kubeproxy.testing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.diff.Fingerprint;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Observed.ObservedChain;
import kubeproxy.nftables.diff.Observed.ObservedSet;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Statement;
import org.jspecify.annotations.Nullable;

/// Our table of one family as the kernel holds it. Every method checks what the kernel checks, and
/// refuses by its error.
public final class FakeTable {
  private final IpFamily family;
  private final Map<String, Chain> chains = new TreeMap<>();
  private final Map<NamedSet, Members> sets = new EnumMap<>(NamedSet.class);
  private final Set<String> foreignSets = new HashSet<>();
  private boolean exists;

  /// A chain. Rules that are not ours have no fingerprint.
  record Chain(@Nullable Hook hook, List<Rule> rules, Set<Rule> foreign) {}

  /// A set's size (0 for no limit) and elements.
  record Members(int size, TreeMap<Key, Element> elements) {}

  /// Thrown for what the kernel refuses.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String error) {
      super(error);
    }
  }

  FakeTable(IpFamily family) {
    this.family = family;
  }

  FakeTable copy() {
    FakeTable copy = new FakeTable(family);
    copy.exists = exists;
    chains.forEach((name, chain) ->
        copy.chains.put(
            name,
            new Chain(chain.hook, new ArrayList<>(chain.rules), new HashSet<>(chain.foreign))));
    sets.forEach((set, members) ->
        copy.sets.put(set, new Members(members.size, new TreeMap<>(members.elements))));
    copy.foreignSets.addAll(foreignSets);
    return copy;
  }

  Map<String, Chain> chains() {
    return chains;
  }

  Map<NamedSet, Members> sets() {
    return sets;
  }

  void apply(Operation operation) throws Refused {
    switch (operation) {
      case Operation.AddTable() -> exists = true;
      case Operation.DeleteTable() -> deleteTable();
      case Operation.AddSet(NamedSet set, int size) -> addSet(set, size);
      case Operation.DeleteSet(NamedSet set) -> deleteSet(set);
      case Operation.AddChain(String chain, var hook) -> addChain(chain, hook);
      case Operation.FlushChain(String chain) -> chain(chain).rules.clear();
      case Operation.AddRules(String chain, List<Rule> rules) -> {
        for (Rule rule : rules) {
          addRule(chain, rule);
        }
      }
      case Operation.DeleteChain(String chain) -> deleteChain(chain);
      case Operation.PutElement(_, Element element) -> put(element);
      case Operation.RemoveElement(_, Element element) -> remove(element);
      case Operation.PutSlot(_, var slots, int index) ->
          put(ProgramText.slotElement(family, slots, index));
      case Operation.RemoveSlot(_, var slots, int index) ->
          remove(ProgramText.slotElement(family, slots, index));
    }
  }

  private void deleteTable() throws Refused {
    require(exists, "ENOENT");
    exists = false;
    chains.clear();
    sets.clear();
    foreignSets.clear();
  }

  private void addSet(NamedSet set, int size) throws Refused {
    require(exists, "ENOENT");
    require(!sets.containsKey(set), "EEXIST");
    sets.put(set, new Members(size, new TreeMap<>()));
  }

  private void deleteSet(NamedSet set) throws Refused {
    members(set);
    require(statements().stream().noneMatch(statement -> statement.uses(set)), "EBUSY");
    sets.remove(set);
  }

  private void addChain(String name, @Nullable Hook hook) throws Refused {
    require(exists, "ENOENT");
    chains.putIfAbsent(name, new Chain(hook, new ArrayList<>(), new HashSet<>()));
  }

  private void addRule(String chain, Rule rule) throws Refused {
    Chain found = chain(chain);
    for (Statement statement : rule.statements()) {
      String target = target(statement);
      require(target == null || chains.containsKey(target), "ENOENT");
      for (NamedSet set : NamedSet.values()) {
        require(!statement.uses(set) || sets.containsKey(set), "ENOENT");
      }
    }
    found.rules.add(rule);
  }

  private void deleteChain(String name) throws Refused {
    Chain chain = chain(name);
    chain.rules.clear();
    boolean byRule = statements().stream().anyMatch(each -> name.equals(target(each)));
    boolean byElement =
        sets.values().stream()
            .flatMap(members -> members.elements.values().stream())
            .anyMatch(element -> name.equals(target(element)));
    require(!byRule && !byElement, "EBUSY");
    chains.remove(name);
  }

  void put(Element element) throws Refused {
    Members members = members(element.set());
    String target = target(element);
    require(target == null || chains.containsKey(target), "ENOENT");
    require(members.size == 0 || members.elements.size() < members.size, "ENFILE");
    require(!members.elements.containsKey(element.key()), "EEXIST");
    require(
        !element.set().hasRanges()
            || members.elements.values().stream().noneMatch(there -> overlap(there, element)),
        "EEXIST");
    members.elements.put(element.key(), element);
  }

  private void remove(Element element) throws Refused {
    Members members = members(element.set());
    Key found = element.set().hasRanges() ? rangeOf(members, element.key()) : element.key();
    require(found != null && members.elements.containsKey(found), "ENOENT");
    members.elements.remove(found);
  }

  /// Where the range begins that a key lies in.
  private static @Nullable Key rangeOf(Members members, Key key) {
    return members.elements.values().stream()
        .filter(range -> within(range, key))
        .map(Element::key)
        .findFirst()
        .orElse(null);
  }

  /// Whether the new range begins or ends within another; one that encloses another is accepted.
  private static boolean overlap(Element there, Element added) {
    return within(there, added.key())
        || (added.keyEnd() != null && within(there, added.keyEnd()));
  }

  /// All components but the last are the same at both ends, so that the order of bytes decides.
  private static boolean within(Element range, Key key) {
    return range.key().compareTo(key) <= 0
        && range.keyEnd() != null
        && key.compareTo(range.keyEnd()) <= 0;
  }

  private Chain chain(String name) throws Refused {
    Chain chain = chains.get(name);
    if (chain == null) {
      throw new Refused("ENOENT");
    }
    return chain;
  }

  private Members members(NamedSet set) throws Refused {
    Members members = sets.get(set);
    if (members == null) {
      throw new Refused("ENOENT");
    }
    return members;
  }

  private static void require(boolean condition, String error) throws Refused {
    if (!condition) {
      throw new Refused(error);
    }
  }

  private List<Statement> statements() {
    return chains.values().stream()
        .flatMap(chain -> chain.rules.stream())
        .flatMap(rule -> rule.statements().stream())
        .toList();
  }

  private static @Nullable String target(Statement statement) {
    return switch (statement) {
      case Statement.Jump(String chain) -> chain;
      case Statement.Goto(String chain) -> chain;
      default -> null;
    };
  }

  private static @Nullable String target(Element element) {
    return element.value() instanceof ElementValue.Goto(String chain) ? chain : null;
  }

  /// Chains that packets can reach.
  Set<String> reachable() {
    Set<String> reached = new TreeSet<>();
    chains.forEach((name, chain) -> {
      if (chain.hook != null) {
        reach(name, reached);
      }
    });
    return reached;
  }

  private void reach(String name, Set<String> reached) {
    Chain chain = chains.get(name);
    if (chain == null || !reached.add(name)) {
      return;
    }
    for (Rule rule : chain.rules) {
      for (Statement statement : rule.statements()) {
        String target = target(statement);
        if (target != null) {
          reach(target, reached);
        }
        sets.forEach((set, members) -> {
          if (statement.uses(set)) {
            reachFrom(members, reached);
          }
        });
      }
    }
  }

  private void reachFrom(Members members, Set<String> reached) {
    for (Element element : members.elements.values()) {
      String target = target(element);
      if (target != null) {
        reach(target, reached);
      }
    }
  }

  Observed observe() {
    if (!exists) {
      return Observed.NOTHING;
    }
    Map<String, ObservedChain> observedChains = new HashMap<>();
    chains.forEach((name, chain) ->
        observedChains.put(
            name,
            new ObservedChain(
                chain.hook,
                chain.rules.stream()
                    .map(rule -> chain.foreign.contains(rule) ? 0 : Fingerprint.of(family, rule))
                    .toList())));
    Map<NamedSet, ObservedSet> observedSets = new EnumMap<>(NamedSet.class);
    sets.forEach((set, members) ->
        observedSets.put(
            set,
            new ObservedSet(
                members.size,
                set.isLearned()
                    ? List.of()
                    : members.elements.values().stream().map(FakeTable::bare).toList())));
    return new Observed(true, observedChains, observedSets, foreignSets);
  }

  /// An element without its comment, which is not read back.
  static Element bare(Element element) {
    return new Element(element.set(), element.key(), element.keyEnd(), element.value(), "");
  }

  void addForeignSet(String name) {
    if (exists) {
      foreignSets.add(name);
    }
  }

  void addForeignRule(String chain, Rule rule) {
    Chain found = chains.get(chain);
    if (found != null) {
      found.rules.addFirst(rule);
      found.foreign.add(rule);
    }
  }

  boolean exists() {
    return exists;
  }
}
