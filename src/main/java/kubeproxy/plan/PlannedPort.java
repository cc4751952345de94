package kubeproxy.plan;

import java.util.List;

/// One port of a Service as this node carries it out.
///
/// @param affinityTimeoutSeconds how long a client sticks to its backend after its last new
///     connection, in seconds; 0 for no session affinity
/// @param internalLocal whether traffic to the cluster IP stays on the node
///     (`internalTrafficPolicy: Local`), so that the pool of its frontend is the local one
/// @param frontends the addresses and ports this Service port owns, in the order of
///     [FrontendKind], then address; contested ones are with their owner only, so that there may be
///     none left
/// @param hairpins endpoints of this node that may connect to themselves through the Service and
///     then need their source rewritten; each is with one owner only
/// @param serving for UDP, the endpoints anywhere that may still carry established flows (condition
///     `serving`), sorted; stale flows are those that lead elsewhere. Empty for other protocols
public record PlannedPort(
    ServicePortName name,
    int affinityTimeoutSeconds,
    boolean internalLocal,
    List<Frontend> frontends,
    List<Backend> hairpins,
    List<Backend> serving) {

  public PlannedPort {
    frontends = List.copyOf(frontends);
    hairpins = List.copyOf(hairpins);
    serving = List.copyOf(serving);
  }

  /// A port whose traffic to the cluster IP may go anywhere.
  public PlannedPort(
      ServicePortName name,
      int affinityTimeoutSeconds,
      List<Frontend> frontends,
      List<Backend> hairpins,
      List<Backend> serving) {
    this(name, affinityTimeoutSeconds, false, frontends, hairpins, serving);
  }
}
