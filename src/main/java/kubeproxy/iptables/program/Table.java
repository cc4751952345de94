package kubeproxy.iptables.program;

/// A table of iptables in which we have chains, in the order in which they are written.
public enum Table {
  /// Holds but our canary.
  MANGLE("mangle"),
  FILTER("filter"),
  NAT("nat");

  private final String text;

  Table(String text) {
    this.text = text;
  }

  /// The name, as after `-t`.
  public String text() {
    return text;
  }
}
