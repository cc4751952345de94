package kubeproxy.userspace.apply;

import java.util.List;
import java.util.Map;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.relay.RelayPort;
import kubeproxy.userspace.program.ServiceRelay;

/// A data plane that has a relay listen, and tells what became of that.
public abstract sealed class RelayingDataplane implements Dataplane
    permits LocalhostDataplane, UserspaceDataplane {
  final OpenListeners open;
  private volatile boolean tryAgain;
  private volatile int conflicts;

  /// @param open closed with this
  RelayingDataplane(OpenListeners open) {
    this.open = open;
  }

  /// Closes what is not wanted any longer, and notes what could not be listened on.
  final void settleListeners(Map<ObjectKey, ServiceRelay> wanted) {
    open.closeUnused(wanted);
    tryAgain = open.hasPlacesToTryAgain();
    conflicts = open.conflicts();
  }

  /// Whether something could not be listened on that may be free later. Any thread.
  public final boolean hasPlacesToTryAgain() {
    return tryAgain;
  }

  /// How many places another process listens on. Any thread.
  public final int conflicts() {
    return conflicts;
  }

  /// The pools of all Services, to read their counters. Any thread.
  public final List<RelayPort> ports() {
    return open.ports();
  }

  @Override
  public final List<Problem> problems() {
    return open.problems();
  }
}
