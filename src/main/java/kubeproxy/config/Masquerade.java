package kubeproxy.config;

/// Which packets get the node's address as their source, and how they are marked for that.
///
/// @param bit the bit of the packet mark, 0 to 31 where the mode is in use
/// @param all whether all traffic to cluster IPs is masqueraded, wherever it comes from
public record Masquerade(int bit, boolean all) {

  /// The packet mark: only that bit.
  public int mark() {
    return 1 << bit;
  }
}
