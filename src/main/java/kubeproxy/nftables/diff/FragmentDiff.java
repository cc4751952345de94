package kubeproxy.nftables.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Slots;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// The changes from one fragment of a Service to the next.
final class FragmentDiff {
  private FragmentDiff() {}

  private record Place(NamedSet set, Key key) {}

  /// Notes the changes in the draft.
  ///
  /// @param owner the Service, or null for the node's own elements
  /// @return `after` with its backends numbered so that few of those installed change
  static Fragment diff(
      Draft draft, @Nullable ObjectKey owner, Fragment before, Fragment after) {
    diffElements(draft, owner, before, after);
    return new Fragment(
        after.elements(), diffSlots(draft, owner, before, after), after.shapes());
  }

  private static void diffElements(
      Draft draft, @Nullable ObjectKey owner, Fragment before, Fragment after) {
    Map<Place, Element> old = new HashMap<>();
    before.elements().forEach(e -> old.put(new Place(e.set(), e.key()), e));
    List<Element> puts = new ArrayList<>();
    for (Element element : after.elements()) {
      Element was = old.get(new Place(element.set(), element.key()));
      if (was == null || !was.sameAs(element)) {
        puts.add(element);
      }
      if (was != null && was.sameAs(element)) {
        old.remove(new Place(element.set(), element.key()));
      }
    }
    for (Element element : before.elements()) {
      if (old.containsKey(new Place(element.set(), element.key()))) {
        draft.remove(owner, element);
      }
    }
    puts.forEach(element -> draft.put(owner, element));
  }

  private static List<Slots> diffSlots(
      Draft draft, @Nullable ObjectKey owner, Fragment before, Fragment after) {
    Map<Place, Slots> old = new HashMap<>();
    before.slots().forEach(slots -> old.put(new Place(slots.set(), slots.prefix()), slots));
    List<Slots> result = new ArrayList<>(after.slots().size());
    for (Slots slots : after.slots()) {
      Slots was = old.remove(new Place(slots.set(), slots.prefix()));
      result.add(was == null ? putAll(draft, owner, slots) : renumber(draft, owner, was, slots));
    }
    for (Slots slots : before.slots()) {
      if (old.containsKey(new Place(slots.set(), slots.prefix()))) {
        for (int i = 0; i < slots.backends().size(); i++) {
          draft.removeSlot(owner, slots, i);
        }
      }
    }
    return result;
  }

  private static Slots putAll(Draft draft, @Nullable ObjectKey owner, Slots slots) {
    for (int i = 0; i < slots.backends().size(); i++) {
      draft.putSlot(owner, slots, i);
    }
    return slots;
  }

  private static Slots renumber(
      Draft draft, @Nullable ObjectKey owner, Slots before, Slots after) {
    if (before.backends().equals(after.backends())) {
      return before;
    }
    List<Backend> assigned = SlotAssignment.assign(before.backends(), after.backends());
    Slots result = new Slots(after.set(), after.prefix(), assigned);
    int common = Math.min(before.backends().size(), assigned.size());
    for (int i = 0; i < before.backends().size(); i++) {
      if (i >= common || !before.backends().get(i).equals(assigned.get(i))) {
        draft.removeSlot(owner, before, i);
      }
    }
    for (int i = 0; i < assigned.size(); i++) {
      if (i >= common || !before.backends().get(i).equals(assigned.get(i))) {
        draft.putSlot(owner, result, i);
      }
    }
    return result;
  }
}
