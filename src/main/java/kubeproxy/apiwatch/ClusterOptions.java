package kubeproxy.apiwatch;

/// What to read from the API server, and how.
///
/// @param nodeName our own Node; no other is read
/// @param endpointSlices whether EndpointSlices are wanted, in the best version that the server
///     has, with core/v1 Endpoints as the last resort; otherwise only those
/// @param oldSlices whether to take EndpointSlices also from servers before 1.19, which fill all of
///     them only if they are told to; otherwise core/v1 Endpoints are taken from those
/// @param serviceCidrs whether ServiceCIDRs are wanted, if the server has them
/// @param accept the `Accept` header of all lists and watches
/// @param streamInitialState whether to try streaming lists (KEP-3157) before ordinary ones
/// @param pacing times
public record ClusterOptions(
    String nodeName,
    boolean endpointSlices,
    boolean oldSlices,
    boolean serviceCidrs,
    String accept,
    boolean streamInitialState,
    WatchPacing pacing) {

  /// Protobuf, and JSON from servers or in cases that have nothing else.
  public static final String PROTOBUF_OR_JSON =
      "application/vnd.kubernetes.protobuf,application/json";

  /// Everything, in protobuf, by streaming lists where there are such.
  public static ClusterOptions standard(String nodeName) {
    return new ClusterOptions(
        nodeName, true, false, true, PROTOBUF_OR_JSON, true, WatchPacing.standard());
  }

  /// The same with other times.
  public ClusterOptions withPacing(WatchPacing other) {
    return new ClusterOptions(
        nodeName, endpointSlices, oldSlices, serviceCidrs, accept, streamInitialState, other);
  }
}
