package kubeproxy.iptables.diff;

/// How inputs are laid out, which changes nothing about the rules.
///
/// @param chainsPerCommit after how many chains a table is continued in another part. The variant
///     on nf_tables keeps the names of the chains of one part in lists that it walks for every
///     rule; the legacy one copies the whole table for every part
/// @param removalsByRule how many rules are removed from a dispatch chain one by one; if it is
///     more, the chain is written anew. To find a rule both variants compare it with all others
public record DiffOptions(int chainsPerCommit, int removalsByRule) {

  /// Endpoints above which the rules for single ones go without comments, as upstream kube-proxy's
  /// do.
  public static final int LARGE_CLUSTER_ENDPOINTS = 1000;

  /// For the variant that programs ip_tables.
  public static final DiffOptions LEGACY = new DiffOptions(Integer.MAX_VALUE, 64);

  /// For the variant that programs nf_tables.
  public static final DiffOptions NF_TABLES = new DiffOptions(500, 8);
}
