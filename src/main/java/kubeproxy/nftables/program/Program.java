package kubeproxy.nftables.program;

import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;

/// Everything that our table of one family holds.
///
/// @param chains the chains that are there whatever the Services are
/// @param node elements that belong to the node rather than to a Service
/// @param fragments by Service
public record Program(
    IpFamily family,
    List<ChainRules> chains,
    Fragment node,
    PersistentMap<ObjectKey, Fragment> fragments) {

  public Program {
    chains = List.copyOf(chains);
  }
}
