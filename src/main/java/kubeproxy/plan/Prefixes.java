package kubeproxy.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;

/// Sets of CIDR blocks.
final class Prefixes {

  private Prefixes() {}

  /// The blocks of one family.
  static Stream<IpPrefix> ofFamily(Collection<IpPrefix> prefixes, IpFamily family) {
    return prefixes.stream().filter(prefix -> prefix.family() == family);
  }

  /// The same addresses in blocks of which none lies within another, sorted. Kernel sets of
  /// intervals refuse overlapping elements.
  static List<IpPrefix> disjoint(Collection<IpPrefix> prefixes) {
    List<IpPrefix> disjoint = new ArrayList<>();
    // A block sorts before the blocks within it, and those follow it before any other.
    for (IpPrefix prefix : prefixes.stream().sorted().toList()) {
      if (disjoint.isEmpty() || !disjoint.getLast().contains(prefix)) {
        disjoint.add(prefix);
      }
    }
    return List.copyOf(disjoint);
  }
}
