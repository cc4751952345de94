package kubeproxy.model;

import java.util.Set;

/// Where two snapshots differ: a hint where to look, never the truth itself.
///
/// @param services Services of which the object itself or any of its EndpointSlices differ
/// @param nodes whether any Node differs
/// @param serviceCidrs whether any ServiceCIDR differs
public record ClusterChange(Set<ObjectKey> services, boolean nodes, boolean serviceCidrs) {

  /// No difference.
  public static final ClusterChange NONE = new ClusterChange(Set.of(), false, false);

  public ClusterChange {
    services = Set.copyOf(services);
  }

  /// Whether nothing differs.
  public boolean isEmpty() {
    return services.isEmpty() && !nodes && !serviceCidrs;
  }
}
