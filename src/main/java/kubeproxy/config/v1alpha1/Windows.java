package kubeproxy.config.v1alpha1;

/// `winkernel` and `windowsRunAsService`: kept so that a file can be written back, without meaning
/// on Linux.
public record Windows(
    String networkName,
    String sourceVip,
    boolean enableDsr,
    String rootHnsEndpointName,
    boolean forwardHealthCheckVip,
    boolean runAsService) {

  /// What counts where nothing is said.
  public static final Windows DEFAULT = new Windows("", "", false, "", false, false);
}
