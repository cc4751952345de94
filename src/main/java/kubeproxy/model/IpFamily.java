package kubeproxy.model;

/// An IP family. Every plan, program and sync belongs to exactly one.
public enum IpFamily {
  IPV4("IPv4", 32),
  IPV6("IPv6", 128);

  private final String label;
  private final int bits;

  IpFamily(String label, int bits) {
    this.label = label;
    this.bits = bits;
  }

  /// The spelling of the Kubernetes API and of the `ip_family` label in metrics.
  public String label() {
    return label;
  }

  /// Length of an address of this family, in bits.
  public int bits() {
    return bits;
  }

  /// Length of an address of this family, in bytes.
  public int bytes() {
    return bits / 8;
  }

  @Override
  public String toString() {
    return label;
  }
}
