package kubeproxy.plan;

/// What becomes of the first packet of a connection to a frontend.
public sealed interface Treatment {

  /// Refused at once (TCP reset, or ICMP port unreachable): the Service has no usable endpoint anywhere.
  record Reject() implements Treatment {}

  /// Silently dropped: there are endpoints, but the traffic policy allows none of them here.
  record Drop() implements Treatment {}

  /// Traffic to a cluster IP. Whether the source is rewritten depends on where the packet comes
  /// from: see [NodeSettings#masqueradeAll] and [NodeSettings#localSource].
  ///
  /// @param pool not empty
  record Internal(Pool pool) implements Treatment {}

  /// Traffic to an external address or node port that may go to any endpoint; the source is always
  /// rewritten, so that the reply comes back through this node.
  ///
  /// @param pool not empty
  record ExternalCluster(Pool pool) implements Treatment {}

  /// Traffic to an external address or node port with `externalTrafficPolicy: Local`. Packets from
  /// pods of this node (where [NodeSettings#localSource] can tell) go to any endpoint with their
  /// source kept; packets from the node itself go to any endpoint with the source rewritten; all
  /// others go to local endpoints with their source kept.
  ///
  /// @param local endpoints of this node; if empty, packets from elsewhere are dropped
  /// @param cluster all endpoints, not empty
  record ExternalLocal(Pool local, Pool cluster) implements Treatment {}
}
