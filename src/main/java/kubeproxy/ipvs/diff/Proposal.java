package kubeproxy.ipvs.diff;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.plan.Backend;

/// Changes and what is installed once they were made.
///
/// @param startsOver whether the result is everything, rather than changes to what is installed
/// @param draining if it starts over, the real servers that are without weight already and stay
public record Proposal(
    List<OwnedOperation> operations,
    boolean startsOver,
    Desired desired,
    Map<ServerKey, Set<Backend>> draining) {

  public Proposal {
    operations = List.copyOf(operations);
  }
}
