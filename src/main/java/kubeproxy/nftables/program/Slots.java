package kubeproxy.nftables.program;

import java.util.List;
import kubeproxy.plan.Backend;

/// The numbered endpoints behind one address and port: slot `i` is the element
/// `prefix . i : backend i`. A packet draws a number below their count, so which backend has which
/// number means nothing; only the set of backends does.
///
/// @param set one that has slots
/// @param prefix the key without the index
public record Slots(NamedSet set, Key prefix, List<Backend> backends) {

  public Slots {
    backends = List.copyOf(backends);
  }
}
