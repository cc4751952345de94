package kubeproxy.nftables.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.diff.Observed.ObservedChain;
import kubeproxy.nftables.diff.Observed.ObservedSet;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.FieldType;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.Slots;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Finds the changes that lead from what was observed in the kernel to what is desired, so that
/// whatever is right already stays untouched: after a restart, or when somebody else changed the
/// table.
public final class FullDiff {
  private final Draft draft = new Draft();
  private final Desired desired;
  private final IpFamily family;
  private final Observed observed;
  private final boolean adopted;

  /// Elements observed and not yet found to be desired, by set.
  private final Map<NamedSet, Map<Key, Element>> left = new HashMap<>();

  /// Slots observed and not yet found to be desired, by set and prefix, then by number.
  private final Map<NamedSet, Map<Key, SortedMap<Integer, Element>>> leftSlots = new HashMap<>();

  private FullDiff(Observed observed, Desired desired) {
    this.observed = observed;
    this.desired = desired;
    this.family = desired.family();
    this.adopted = observed.isOurs() && hooksAgree(observed, desired);
  }

  /// The changes.
  ///
  /// @param desired `fragments` holds all Services
  public static Proposal between(Observed observed, Desired desired) {
    return new FullDiff(observed, desired).diff();
  }

  private static boolean hooksAgree(Observed observed, Desired desired) {
    return desired.chains().stream()
        .allMatch(chain -> {
          ObservedChain found = observed.chains().get(chain.name());
          return found == null || Objects.equals(found.hook(), chain.hook());
        });
  }

  private Proposal diff() {
    if (adopted) {
      index();
    } else {
      startOver();
    }
    Set<ShapeChain> needed = new TreeSet<>();
    Fragment node = match(null, desired.node());
    Map<ObjectKey, Fragment> fragments = new TreeMap<>();
    desired
        .fragments()
        .forEach((service, fragment) -> {
          if (fragment != null) {
            fragments.put(service, fragment);
          }
        });
    fragments.forEach((service, fragment) -> {
      draft.fragment(service, match(service, fragment));
      Installed.addShapes(fragment, needed);
    });
    removeLeft();
    Map<NamedSet, Integer> wanted = counts(node, draft.fragments());
    wanted.forEach((set, count) -> sizeSet(set, count, node));
    diffChains(needed);
    return draft.finish(family, null, node, desired.chains()).withCounts(wanted);
  }

  private void startOver() {
    if (observed.exists()) {
      draft.table(new Operation.DeleteTable());
    }
    draft.table(new Operation.AddTable());
  }

  private void index() {
    observed
        .sets()
        .forEach((set, found) -> {
          if (set.hasSlots()) {
            leftSlots.put(set, indexSlots(set, found));
          } else {
            Map<Key, Element> byKey = new HashMap<>();
            found.elements().forEach(element -> byKey.put(element.key(), element));
            left.put(set, byKey);
          }
        });
  }

  private Map<Key, SortedMap<Integer, Element>> indexSlots(NamedSet set, ObservedSet found) {
    int prefixLength = set.keyBytes(family) - FieldType.REGISTER_BYTES;
    Map<Key, SortedMap<Integer, Element>> byPrefix = new HashMap<>();
    for (Element element : found.elements()) {
      byPrefix
          .computeIfAbsent(element.key().prefix(prefixLength), _ -> new TreeMap<>())
          .put(element.key().trailingIndex(), element);
    }
    return byPrefix;
  }

  /// Notes what a fragment lacks, strikes what it has off what is left, and returns it with the
  /// numbers that its backends have.
  private Fragment match(@Nullable ObjectKey owner, Fragment fragment) {
    for (Element element : fragment.elements()) {
      Element found =
          left.computeIfAbsent(element.set(), _ -> new HashMap<>()).remove(element.key());
      if (found == null) {
        draft.put(owner, element);
      } else if (!found.sameAs(element)) {
        draft.remove(owner, found);
        draft.put(owner, element);
      }
    }
    List<Slots> slots = new ArrayList<>(fragment.slots().size());
    fragment.slots().forEach(desiredSlots -> slots.add(matchSlots(owner, desiredSlots)));
    return new Fragment(fragment.elements(), slots, fragment.shapes());
  }

  private Slots matchSlots(@Nullable ObjectKey owner, Slots slots) {
    SortedMap<Integer, Element> found =
        leftSlots.computeIfAbsent(slots.set(), _ -> new HashMap<>()).remove(slots.prefix());
    if (found == null) {
      for (int i = 0; i < slots.backends().size(); i++) {
        draft.putSlot(owner, slots, i);
      }
      return slots;
    }
    List<@Nullable Backend> before = new ArrayList<>();
    for (int i = 0; i < slots.backends().size(); i++) {
      Element element = found.get(i);
      before.add(element == null ? null : backend(element));
    }
    Slots result =
        new Slots(slots.set(), slots.prefix(), SlotAssignment.assign(before, slots.backends()));
    for (int i = 0; i < result.backends().size(); i++) {
      if (!result.backends().get(i).equals(before.get(i))) {
        Element wrong = found.remove(i);
        if (wrong != null) {
          draft.remove(owner, wrong);
        }
        draft.putSlot(owner, result, i);
      } else {
        found.remove(i);
      }
    }
    found.values().forEach(element -> draft.remove(owner, element));
    return result;
  }

  private @Nullable Backend backend(Element element) {
    return element.value() instanceof ElementValue.Data(Key bytes) ? bytes.toBackend(family) : null;
  }

  private void removeLeft() {
    left.values()
        .forEach(elements ->
            elements.values().stream()
                .sorted((a, b) -> a.key().compareTo(b.key()))
                .forEach(element -> draft.remove(null, element)));
    leftSlots
        .values()
        .forEach(prefixes ->
            prefixes.values().stream()
                .flatMap(slots -> slots.values().stream())
                .sorted((a, b) -> a.key().compareTo(b.key()))
                .forEach(element -> draft.remove(null, element)));
  }

  private static Map<NamedSet, Integer> counts(
      Fragment node, Map<ObjectKey, ? extends @Nullable Fragment> fragments) {
    Map<NamedSet, Integer> counts = new TreeMap<>();
    for (NamedSet set : NamedSet.values()) {
      counts.put(set, 0);
    }
    count(node, counts);
    fragments
        .values()
        .forEach(fragment -> {
          if (fragment != null) {
            count(fragment, counts);
          }
        });
    return counts;
  }

  private static void count(Fragment fragment, Map<NamedSet, Integer> counts) {
    fragment.elements().forEach(element -> counts.merge(element.set(), 1, Integer::sum));
    fragment
        .slots()
        .forEach(slots -> counts.merge(slots.set(), slots.backends().size(), Integer::sum));
  }

  private void sizeSet(NamedSet set, int count, Fragment node) {
    if (!adopted) {
      draft.addSet(set, SetSizes.of(set, count));
      return;
    }
    ObservedSet found = Objects.requireNonNull(observed.sets().get(set));
    if (SetSizes.fits(found.size(), count)) {
      draft.keepSet(set, found.size());
      return;
    }
    draft.recreateSet(set, SetSizes.of(set, count));
    Differ.putAgain(draft, null, node, set);
    draft
        .fragments()
        .forEach((service, fragment) -> {
          if (fragment != null) {
            Differ.putAgain(draft, service, fragment, set);
          }
        });
  }

  private void diffChains(Set<ShapeChain> needed) {
    Set<String> known = new HashSet<>();
    for (ChainRules chain : desired.chains()) {
      known.add(chain.name());
      diffChain(chain);
    }
    for (ShapeChain shape : needed) {
      known.add(shape.chain());
      List<Rule> rules = desired.shapeRules().apply(shape);
      diffChain(new ChainRules(shape.chain(), null, rules));
      draft.newShape(shape, rules);
    }
    if (adopted) {
      observed.chains().keySet().stream()
          .filter(chain -> !known.contains(chain))
          .sorted()
          .forEach(this::leaveOver);
    }
  }

  /// Chains that are not needed are removed later. Until then their rules must not hold on to a set
  /// that is made anew.
  private void leaveOver(String chain) {
    draft.newLeftover(chain);
    if (!draft.recreatedSets().isEmpty()) {
      draft.replaceRules(chain, List.of());
    }
  }

  private void diffChain(ChainRules chain) {
    ObservedChain found = adopted ? observed.chains().get(chain.name()) : null;
    if (found == null) {
      draft.addChain(chain);
    } else if (usesNewSet(chain)
        || !found.fingerprints().equals(Fingerprint.of(family, chain.rules()))) {
      draft.replaceRules(chain.name(), chain.rules());
    }
  }

  /// Rules that use a set that is made anew have to be taken out around that.
  private boolean usesNewSet(ChainRules chain) {
    return draft.recreatedSets().stream()
        .anyMatch(set ->
            chain.rules().stream()
                .flatMap(rule -> rule.statements().stream())
                .anyMatch(statement -> statement.uses(set)));
  }
}
