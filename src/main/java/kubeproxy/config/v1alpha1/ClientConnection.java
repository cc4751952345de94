package kubeproxy.config.v1alpha1;

/// `clientConnection`: how the API server is talked to.
///
/// @param kubeconfig path of a kubeconfig file; empty for the service account of the pod
/// @param acceptContentTypes header `Accept` of requests; empty for `contentType`
/// @param contentType media type of what is sent
/// @param qps requests per second on average; negative for no limit, never 0
/// @param burst requests at once; never 0
public record ClientConnection(
    String kubeconfig, String acceptContentTypes, String contentType, float qps, int burst) {

  /// What counts where nothing is said.
  public static final ClientConnection DEFAULT =
      new ClientConnection("", "", "application/vnd.kubernetes.protobuf", 5, 10);

  /// Empty or zero stands for the default.
  public ClientConnection {
    contentType = contentType.isEmpty() ? "application/vnd.kubernetes.protobuf" : contentType;
    qps = qps == 0 ? 5 : qps;
    burst = burst == 0 ? 10 : burst;
  }
}
