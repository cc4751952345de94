package kubeproxy.relay;

/// What passed through a Service port of the relay since it was opened. The numbers are read one
/// after the other while they change.
///
/// @param connections connections accepted, or UDP flows begun
/// @param active those of them that are open now
/// @param bytesIn bytes of payload taken from clients and given to backends
/// @param bytesOut bytes of payload taken from backends and given to clients
/// @param failedDials attempts to reach a backend that failed or took too long, one connection may
///     have several
/// @param unserved connections reset because no backend could be reached or there is none, and
///     datagrams dropped for that reason
/// @param shed connections reset for want of descriptors, and UDP flows ended for want of room
/// @param refusedSources connections and datagrams of clients that are not among the allowed
/// @param resets connections that a side or the network ended abruptly
public record RelayCounters(
    long connections,
    long active,
    long bytesIn,
    long bytesOut,
    long failedDials,
    long unserved,
    long shed,
    long refusedSources,
    long resets) {

  /// Nothing yet.
  public static final RelayCounters NONE = new RelayCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// All that went wrong, for a single number.
  public long errors() {
    return failedDials + unserved + shed + refusedSources + resets;
  }
}
