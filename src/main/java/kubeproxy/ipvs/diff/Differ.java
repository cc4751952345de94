package kubeproxy.ipvs.diff;

import java.util.Map;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;

/// Finds the changes that lead from what is installed to what is desired. Costs what changes,
/// however much is installed.
public final class Differ {

  private Differ() {}

  /// The entry that tells that a virtual server is a proxy's; it is there for as long.
  public static SetEntry mark(ServerKey key) {
    return Draft.mark(key);
  }

  /// The changes for some Services.
  ///
  /// @param desired `fragments` holds those that changed
  public static Proposal changes(Installed installed, Desired desired) {
    Draft draft = new Draft(installed.draining());
    Holdings.Changes changes =
        new Holdings.Changes(installed.fragments(), desired.fragments(), desired.yielding());
    installed.holdings().compare(changes, draft);
    return new Proposal(draft.finish(), false, desired, Map.of());
  }
}
