package kubeproxy.nftables.diff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.nftables.program.Slots;
import org.jspecify.annotations.Nullable;

/// Finds the changes that lead from what is installed to what is desired.
public final class Differ {
  private Differ() {}

  /// The changes for some Services and, if they differ, the node's chains and elements. Costs what
  /// changes, however much is installed.
  ///
  /// @param desired `fragments` holds the Services that changed
  public static Proposal changes(Installed installed, Desired desired) {
    Draft draft = new Draft();
    Fragment node = FragmentDiff.diff(draft, null, installed.node(), desired.node());
    Set<ShapeChain> needed = new TreeSet<>();
    for (ObjectKey service : new TreeSet<>(desired.fragments().keySet())) {
      Fragment after = desired.fragments().get(service);
      Fragment next =
          FragmentDiff.diff(
              draft, service, installed.fragment(service), after == null ? Fragment.EMPTY : after);
      draft.fragment(service, after == null ? null : next);
      Installed.addShapes(next, needed);
    }
    needed.stream()
        .filter(shape -> !installed.shapes().containsKey(shape))
        .forEach(shape -> addShape(draft, installed, shape, desired.shapeRules()));
    if (!installed.chains().equals(desired.chains())) {
      changeRules(draft, installed, desired);
    }
    changeShapeRules(draft, installed, desired);
    for (NamedSet set : NamedSet.values()) {
      resize(draft, installed, desired, node, set);
    }
    return draft.finish(desired.family(), installed, node, desired.chains());
  }

  /// Removes the chains that no Service needs any more. A transaction of its own, because kernels
  /// before 6.2 may hold on to a chain for a moment after the last rule or element that led to it
  /// has gone, and then refuse.
  public static Proposal sweep(Installed installed, Desired desired) {
    Draft draft = new Draft();
    Set<ShapeChain> unneeded = new TreeSet<>(installed.shapes().keySet());
    unneeded.removeAll(installed.neededShapes());
    for (ShapeChain shape : unneeded) {
      draft.deleteChain(shape.chain());
      draft.goneShape(shape);
    }
    for (String chain : installed.leftovers()) {
      draft.deleteChain(chain);
      draft.goneLeftover(chain);
    }
    return draft.finish(desired.family(), installed, installed.node(), installed.chains());
  }

  private static void addShape(
      Draft draft,
      Installed installed,
      ShapeChain shape,
      Function<ShapeChain, List<Rule>> shapeRules) {
    List<Rule> rules = shapeRules.apply(shape);
    if (installed.leftovers().contains(shape.chain())) {
      draft.replaceRules(shape.chain(), rules);
      draft.goneLeftover(shape.chain());
    } else {
      draft.addChain(new ChainRules(shape.chain(), null, rules));
    }
    draft.newShape(shape, rules);
  }

  private static void changeRules(Draft draft, Installed installed, Desired desired) {
    Map<String, ChainRules> before = new HashMap<>();
    installed.chains().forEach(chain -> before.put(chain.name(), chain));
    for (ChainRules chain : desired.chains()) {
      ChainRules was = before.get(chain.name());
      if (was == null) {
        draft.addChain(chain);
      } else if (!was.rules().equals(chain.rules())) {
        draft.replaceRules(chain.name(), chain.rules());
      }
    }
  }

  /// Settings may change these chains alone.
  private static void changeShapeRules(Draft draft, Installed installed, Desired desired) {
    for (ShapeChain shape : new TreeSet<>(installed.shapes().keySet())) {
      List<Rule> rules = desired.shapeRules().apply(shape);
      if (!rules.equals(installed.shapes().get(shape))) {
        draft.replaceRules(shape.chain(), rules);
        draft.newShape(shape, rules);
      }
    }
  }

  /// Makes a set anew if it cannot hold what is to come: rules that use it are taken out and put
  /// back around it, all in one transaction, so no packet ever sees it missing.
  private static void resize(
      Draft draft, Installed installed, Desired desired, Fragment node, NamedSet set) {
    int count = installed.count(set) + draft.countChange(set);
    if (SetSizes.fits(installed.size(set), count)) {
      return;
    }
    Map<String, List<Rule>> users = new TreeMap<>();
    desired.chains().forEach(chain -> users.put(chain.name(), chain.rules()));
    installed.shapes().forEach((shape, rules) -> users.put(shape.chain(), rules));
    draft.newShapes().forEach((shape, _) -> users.remove(shape.chain()));
    users.values().removeIf(rules -> rules.stream().noneMatch(rule -> uses(rule, set)));
    users.forEach(draft::replaceRules);
    draft.recreateSet(set, SetSizes.of(set, count));
    Map<ObjectKey, Fragment> all = new TreeMap<>(installed.fragments());
    draft
        .fragments()
        .forEach((service, fragment) -> {
          if (fragment == null) {
            all.remove(service);
          } else {
            all.put(service, fragment);
          }
        });
    putAgain(draft, null, node, set);
    all.forEach((service, fragment) -> putAgain(draft, service, fragment, set));
  }

  static void putAgain(Draft draft, @Nullable ObjectKey owner, Fragment fragment, NamedSet set) {
    fragment.elements().stream()
        .filter(element -> element.set() == set)
        .forEach(element -> draft.putAgain(owner, element));
    for (Slots slots : fragment.slots()) {
      if (slots.set() == set) {
        for (int i = 0; i < slots.backends().size(); i++) {
          draft.putSlotAgain(owner, slots, i);
        }
      }
    }
  }

  private static boolean uses(Rule rule, NamedSet set) {
    return rule.statements().stream().anyMatch(statement -> statement.uses(set));
  }
}
