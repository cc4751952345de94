package kubeproxy.config.v1alpha1;

/// The fields about health and metrics.
///
/// @param healthzBindAddress `IP:port` of the health check server; empty if it is off
/// @param metricsBindAddress `IP:port` of the metrics server; empty if it is off
/// @param bindAddressHardFail whether the process ends if one of them cannot listen
/// @param enableProfiling whether the metrics server also serves profiles
/// @param showHiddenMetricsForVersion the release before this one, as `1.35`, to show metrics that
///   are hidden since; empty not to
public record StatusServers(
    String healthzBindAddress,
    String metricsBindAddress,
    boolean bindAddressHardFail,
    boolean enableProfiling,
    String showHiddenMetricsForVersion) {

  /// What counts where nothing is said and the node's address is one of IPv4.
  public static final StatusServers DEFAULT =
      new StatusServers("0.0.0.0:10256", "127.0.0.1:10249", false, false, "");
}
