package kubeproxy.nftables.program;

/// The two ways a packet can be addressed to a Service, and the sets that serve each.
public enum Destination {
  /// By an address and port.
  ADDRESS(
      "",
      NamedSet.SERVICE_IPS,
      NamedSet.NO_ENDPOINT_SERVICES,
      NamedSet.SERVICE_ENDPOINTS,
      NamedSet.SERVICE_LOCAL_ENDPOINTS),
  /// By a node port on any address of the node that serves them.
  NODE_PORT(
      "nodeport-",
      NamedSet.SERVICE_NODEPORTS,
      NamedSet.NO_ENDPOINT_NODEPORTS,
      NamedSet.NODEPORT_ENDPOINTS,
      NamedSet.NODEPORT_LOCAL_ENDPOINTS);

  private final String chainPrefix;
  private final NamedSet dispatch;
  private final NamedSet noEndpoint;
  private final NamedSet endpoints;
  private final NamedSet localEndpoints;

  Destination(
      String chainPrefix,
      NamedSet dispatch,
      NamedSet noEndpoint,
      NamedSet endpoints,
      NamedSet localEndpoints) {
    this.chainPrefix = chainPrefix;
    this.dispatch = dispatch;
    this.noEndpoint = noEndpoint;
    this.endpoints = endpoints;
    this.localEndpoints = localEndpoints;
  }

  /// First part of the names of its chains.
  String chainPrefix() {
    return chainPrefix;
  }

  /// The map that leads packets to the chain of the right shape.
  public NamedSet dispatch() {
    return dispatch;
  }

  /// The map that refuses or drops packets.
  public NamedSet noEndpoint() {
    return noEndpoint;
  }

  /// The endpoints.
  public NamedSet endpoints() {
    return endpoints;
  }

  /// The endpoints of this node, where a traffic policy asks for them.
  public NamedSet localEndpoints() {
    return localEndpoints;
  }
}
