package kubeproxy.nftables.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.diff.Installed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.ShapeChain;

/// Forgets clients whose remembered endpoint has gone, right after it has. A connection that was
/// translated before can no longer be learned: what may be learned is part of the transaction that
/// took the endpoint away.
///
/// The work is level-triggered: what could not be done is done with the next commit.
final class AffinitySweep {
  private final NftablesPort port;
  private final IpFamily family;
  private boolean owing;

  AffinitySweep(NftablesPort port, IpFamily family) {
    this.port = port;
    this.family = family;
  }

  /// @param observed whether the commit followed an observation, so that anything may have changed
  void afterCommit(Transaction transaction, Installed installed, boolean observed) {
    if (!owing && !observed && !takesLearnersAway(transaction)) {
      return;
    }
    owing = true;
    try {
      sweep(installed);
      owing = false;
    } catch (IOException e) {
      // Still owing.
    }
  }

  private static boolean takesLearnersAway(Transaction transaction) {
    return transaction.operations().stream()
        .anyMatch(operation ->
            switch (operation) {
              case Operation.RemoveElement(_, Element element) -> isLearner(element.set());
              // Made anew, it may have lost some.
              case Operation.DeleteSet(NamedSet set) -> isLearner(set);
              default -> false;
            });
  }

  private static boolean isLearner(NamedSet set) {
    return set == NamedSet.AFFINITY_LEARNERS || set == NamedSet.NODEPORT_AFFINITY_LEARNERS;
  }

  private void sweep(Installed installed) throws IOException {
    List<Element> remembered = new ArrayList<>(port.learned(NamedSet.AFFINITY));
    remembered.addAll(port.learned(NamedSet.LOCAL_AFFINITY));
    if (remembered.isEmpty()) {
      return;
    }
    Set<Key> learners = new HashSet<>();
    Set<Key> localLearners = new HashSet<>();
    for (Fragment fragment : installed.fragments().values()) {
      for (Element element : fragment.elements()) {
        if (isLearner(element.set()) && element.value() instanceof ElementValue.Goto(var chain)) {
          learners.add(element.key());
          if (ShapeChain.Remember.isLocal(chain)) {
            localLearners.add(element.key());
          }
        }
      }
    }
    port.forget(
        remembered.stream()
            .filter(element ->
                isStale(
                    element, element.set() == NamedSet.LOCAL_AFFINITY ? localLearners : learners))
            .toList());
  }

  /// A remembered client is `client . destination . protocol . port : endpoint . port`; a learner
  /// is
  /// the same without the client in one piece, for a node port also without the destination.
  private boolean isStale(Element remembered, Set<Key> learners) {
    if (!(remembered.value() instanceof ElementValue.Data(Key endpoint))) {
      return true;
    }
    Key destination = remembered.key().from(family.bytes());
    Key nodePort = remembered.key().from(2 * family.bytes());
    return !learners.contains(destination.then(endpoint))
        && !learners.contains(nodePort.then(endpoint));
  }
}
