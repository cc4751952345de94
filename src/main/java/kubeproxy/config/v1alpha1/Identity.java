package kubeproxy.config.v1alpha1;

/// Which node this is.
///
/// @param hostnameOverride name of the Node; empty for the host's name
/// @param bindAddress the node's primary address; unspecified to take it from the Node
public record Identity(String hostnameOverride, String bindAddress) {

  /// What counts where nothing is said.
  public static final Identity DEFAULT = new Identity("", "0.0.0.0");
}
