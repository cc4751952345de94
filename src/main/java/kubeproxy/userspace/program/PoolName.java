package kubeproxy.userspace.program;

import java.util.Comparator;
import kubeproxy.plan.ServicePortName;

/// What tells one pool from all others.
///
/// @param reach which of the port's endpoints are in it
public record PoolName(ServicePortName port, Reach reach) implements Comparable<PoolName> {
  private static final Comparator<PoolName> ORDER =
      Comparator.comparing((PoolName name) -> name.port().service())
          .thenComparing(name -> name.port().port())
          .thenComparing(name -> name.port().protocol())
          .thenComparing(PoolName::reach);

  /// Which endpoints of a Service port.
  public enum Reach {
    /// Wherever they run.
    CLUSTER,
    /// Those of this node.
    LOCAL
  }

  @Override
  public int compareTo(PoolName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return port + "/" + port.protocol() + (reach == Reach.LOCAL ? " (local)" : "");
  }
}
