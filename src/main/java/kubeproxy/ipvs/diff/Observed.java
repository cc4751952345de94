package kubeproxy.ipvs.diff;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// What was read back from the kernel, of one family.
///
/// @param link whether there is the interface that holds addresses
/// @param bound addresses on it
/// @param ownAddresses addresses on all other interfaces, sorted
/// @param sets those of ours that are there
/// @param entries of all of them; what no Service could have wanted is left out
public record Observed(
    boolean link,
    Set<IpAddress> bound,
    List<IpAddress> ownAddresses,
    Set<IpSet> sets,
    Set<SetEntry> entries,
    Map<ServerKey, Server> servers) {

  public Observed {
    ownAddresses = List.copyOf(ownAddresses);
  }

  /// A virtual server.
  ///
  /// @param scheduling null if it is none that we could have asked for
  public record Server(ServerKey key, @Nullable Scheduling scheduling, List<RealServer> servers) {
    public Server {
      servers = List.copyOf(servers);
    }
  }

  /// A real server.
  ///
  /// @param masqueraded whether packets to it are translated
  /// @param connections how many the kernel knows, those that are ending included
  public record RealServer(Backend backend, int weight, boolean masqueraded, int connections) {}

  /// Nothing at all.
  public static Observed nothing(List<IpAddress> ownAddresses) {
    return new Observed(false, Set.of(), ownAddresses, Set.of(), Set.of(), Map.of());
  }
}
