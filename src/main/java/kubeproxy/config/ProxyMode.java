package kubeproxy.config;

import java.util.Arrays;
import java.util.Optional;

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

  /// The mode of that label.
  static Optional<ProxyMode> of(String label) {
    return Arrays.stream(values()).filter(mode -> mode.label.equals(label)).findFirst();
  }

  /// The spelling on the command line, in the configuration file and of `/proxyMode`.
  public String label() {
    return label;
  }
}
