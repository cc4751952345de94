package kubeproxy.config;

/// The ways to steer packets that this build has.
public enum ProxyMode {
  NFTABLES("nftables");

  private final String label;

  ProxyMode(String label) {
    this.label = label;
  }

  /// The spelling on the command line and of `/proxyMode`.
  public String label() {
    return label;
  }
}
