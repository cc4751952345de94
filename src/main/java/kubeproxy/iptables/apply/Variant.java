package kubeproxy.iptables.apply;

import kubeproxy.iptables.diff.DiffOptions;

/// What programs the tools write.
public enum Variant {
  /// Those of `ip_tables`.
  LEGACY("legacy", DiffOptions.LEGACY),

  /// Those of `nf_tables`.
  NF_TABLES("nf_tables", DiffOptions.NF_TABLES);

  private final String text;
  private final DiffOptions diffOptions;

  Variant(String text, DiffOptions diffOptions) {
    this.text = text;
    this.diffOptions = diffOptions;
  }

  /// The name that the tools print after their version.
  public String text() {
    return text;
  }

  /// How inputs for it are best laid out.
  public DiffOptions diffOptions() {
    return diffOptions;
  }
}
