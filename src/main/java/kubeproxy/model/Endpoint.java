package kubeproxy.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One endpoint of an EndpointSlice. Absent conditions have been resolved: ready and serving
/// default to true, terminating to false (KEP-1672).
///
/// @param nodeName the node it runs on, or null
/// @param zoneHints `hints.forZones[].name` (KEP-2433)
/// @param nodeHints `hints.forNodes[].name` (KEP-3015)
/// @param topology where it runs, besides the node: `zone`, or the labels that `topology` had
///     before there was that field; sorted
public record Endpoint(
    IpAddress address,
    boolean ready,
    boolean serving,
    boolean terminating,
    @Nullable String nodeName,
    List<String> zoneHints,
    List<String> nodeHints,
    List<Label> topology) {

  public Endpoint {
    zoneHints = List.copyOf(zoneHints);
    nodeHints = List.copyOf(nodeHints);
    topology = List.copyOf(topology);
  }

  /// An endpoint of which no more is known than its node.
  public Endpoint(
      IpAddress address,
      boolean ready,
      boolean serving,
      boolean terminating,
      @Nullable String nodeName,
      List<String> zoneHints,
      List<String> nodeHints) {
    this(address, ready, serving, terminating, nodeName, zoneHints, nodeHints, List.of());
  }
}
