package kubeproxy.nftables.diff;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Slots;
import org.jspecify.annotations.Nullable;

/// A Service that is set aside stays as it is installed, but for what the plan has given to others
/// since: otherwise two Services that exchange an address would wait for each other for ever.
public final class Yielding {
  private final Set<Place> wanted = new HashSet<>();

  private record Place(NamedSet set, Key key) {}

  /// @param fragments what others want
  public Yielding(Collection<? extends @Nullable Fragment> fragments) {
    for (Fragment fragment : fragments) {
      if (fragment != null) {
        fragment.elements().forEach(element -> wanted.add(place(element)));
        fragment.slots().forEach(slots -> wanted.add(place(slots)));
      }
    }
  }

  private static Place place(Element element) {
    return new Place(element.set(), element.key());
  }

  private static Place place(Slots slots) {
    return new Place(slots.set(), slots.prefix());
  }

  /// What is left of an installed fragment.
  public Fragment rest(Fragment installed) {
    List<Element> elements =
        installed.elements().stream().filter(each -> !wanted.contains(place(each))).toList();
    List<Slots> slots =
        installed.slots().stream().filter(each -> !wanted.contains(place(each))).toList();
    boolean same =
        elements.size() == installed.elements().size() && slots.size() == installed.slots().size();
    return same ? installed : new Fragment(elements, slots, installed.shapes());
  }
}
