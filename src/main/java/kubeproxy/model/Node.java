package kubeproxy.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Node as far as it matters to its proxy.
///
/// @param zone label `topology.kubernetes.io/zone`, or null
/// @param addresses all `InternalIP` addresses in order, then all `ExternalIP`
/// @param podCidrs `spec.podCIDRs`
/// @param deleting whether it has a deletion timestamp
/// @param taintKeys keys of its taints
/// @param labels all its labels, sorted; the zone is among them
public record Node(
    ObjectKey key,
    @Nullable String zone,
    List<IpAddress> addresses,
    List<IpPrefix> podCidrs,
    boolean deleting,
    List<String> taintKeys,
    List<Label> labels,
    List<Problem> problems)
    implements ClusterObject {

  public Node {
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
    taintKeys = List.copyOf(taintKeys);
    labels = List.copyOf(labels);
    problems = List.copyOf(problems);
  }

  /// A Node without labels apart from its zone.
  public Node(
      ObjectKey key,
      @Nullable String zone,
      List<IpAddress> addresses,
      List<IpPrefix> podCidrs,
      boolean deleting,
      List<String> taintKeys,
      List<Problem> problems) {
    this(
        key,
        zone,
        addresses,
        podCidrs,
        deleting,
        taintKeys,
        zone == null ? List.of() : List.of(new Label(Label.ZONE, zone)),
        problems);
  }

  @Override
  public Kind kind() {
    return Kind.NODE;
  }
}
