package kubeproxy.testing;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.Endpoint;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Label;
import org.jspecify.annotations.Nullable;

/// Everything of an endpoint but its address; see [Objects#ready] and [Objects#on].
public final class EndpointTraits {
  private boolean ready = true;
  private boolean serving = true;
  private boolean terminating;
  private @Nullable String node;
  private List<String> zoneHints = List.of();
  private List<String> nodeHints = List.of();
  private final List<Label> topology = new ArrayList<>();

  EndpointTraits() {}

  /// Puts it on a node.
  public EndpointTraits on(String node) {
    this.node = node;
    return this;
  }

  /// Neither ready nor serving, and not terminating: a pod that is starting or failing its probes.
  public EndpointTraits unready() {
    return conditions(false, false, false);
  }

  /// Terminating, not ready, still serving.
  public EndpointTraits terminating() {
    return conditions(false, true, true);
  }

  /// Terminating and no longer serving.
  public EndpointTraits gone() {
    return conditions(false, false, true);
  }

  /// Sets all conditions.
  public EndpointTraits conditions(boolean ready, boolean serving, boolean terminating) {
    this.ready = ready;
    this.serving = serving;
    this.terminating = terminating;
    return this;
  }

  /// Sets the zones it is meant for.
  public EndpointTraits forZones(String... zones) {
    zoneHints = List.of(zones);
    return this;
  }

  /// Sets the nodes it is meant for.
  public EndpointTraits forNodes(String... nodes) {
    nodeHints = List.of(nodes);
    return this;
  }

  /// Adds a label of where it runs.
  public EndpointTraits topology(String name, String value) {
    topology.add(new Label(name, value));
    return this;
  }

  Endpoint at(IpAddress address) {
    return new Endpoint(address, ready, serving, terminating, node, zoneHints, nodeHints, topology);
  }
}
