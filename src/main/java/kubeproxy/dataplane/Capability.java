package kubeproxy.dataplane;

/// What a mode can do. The conformance suite expects everything; a mode that lacks one must say so,
/// and the suite then asserts the documented behaviour instead of skipping.
public enum Capability {
  /// The server sees the client's address where the plan says the source is kept.
  SOURCE_ADDRESS_PRESERVED,
  /// Node ports answer on 127.0.0.1.
  LOCALHOST_NODE_PORTS,
  /// Node ports answer on ::1.
  LOCALHOST_NODE_PORTS_IPV6,
  /// A packet to an unused port of a cluster IP is refused, one to an unallocated address of a
  /// ServiceCIDR is dropped.
  CLUSTER_IP_GUARD,
  /// Where external traffic is kept on the node, pods of the node and the node itself nevertheless
  /// reach all endpoints, and not only those of the node if there are any.
  SHORT_CIRCUIT,
  /// Session affinity ends when its time has passed since the client's last new connection, and
  /// not only since the kernel has forgotten the last of its connections.
  AFFINITY_ENDS_IN_TIME,
  /// SCTP is carried.
  SCTP,
  /// Connections, UDP flows and session affinity go on while no proxy runs, and after a restart.
  STATE_OUTLIVES_PROCESS
}
