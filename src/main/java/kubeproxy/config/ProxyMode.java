package kubeproxy.config;

/// The ways to steer packets that there are by name; which of them a build has, and a host can
/// carry out, is decided elsewhere.
public enum ProxyMode {
  NFTABLES("nftables"),
  IPTABLES("iptables"),
  IPVS("ipvs"),
  USERSPACE("userspace");

  private final String label;

  ProxyMode(String label) {
    this.label = label;
  }

  /// The spelling on the command line and of `/proxyMode`.
  public String label() {
    return label;
  }
}
