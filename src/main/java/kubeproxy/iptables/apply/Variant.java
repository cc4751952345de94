package kubeproxy.iptables.apply;

import kubeproxy.iptables.diff.DiffOptions;

/// What programs the tools write.
public enum Variant {
  /// Those of `ip_tables`.
  LEGACY("legacy"),

  /// Those of `nf_tables`.
  NF_TABLES("nf_tables");

  private final String text;

  Variant(String text) {
    this.text = text;
  }

  /// The name that the tools print after their version.
  public String text() {
    return text;
  }

  /// How inputs for it are best laid out.
  public DiffOptions diffOptions() {
    return switch (this) {
      case LEGACY -> DiffOptions.LEGACY;
      case NF_TABLES -> DiffOptions.NF_TABLES;
    };
  }
}
