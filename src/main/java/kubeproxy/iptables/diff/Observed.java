package kubeproxy.iptables.diff;

import kubeproxy.iptables.program.SavedTables;

/// What was read back from the kernel.
///
/// @param tables chains and rules
/// @param whole whether that is everything; if not, it is just what packets meet first, the chains
///     of the tables and those shared with others: reading the rest back would take too long
public record Observed(SavedTables tables, boolean whole) {

  /// No chain in any table.
  public static final Observed NOTHING = new Observed(SavedTables.NOTHING, true);
}
