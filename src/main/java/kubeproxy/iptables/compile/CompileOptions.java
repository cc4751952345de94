package kubeproxy.iptables.compile;

import kubeproxy.model.IpFamily;

/// What decides over rules beside the plan, in one family; the same for as long as the data plane
/// lives.
///
/// @param masqueradeMark the one bit of the packet mark that asks for masquerading
/// @param localhostNodePorts whether node ports answer on 127.0.0.0/8; only in IPv4, and only with
///     `net.ipv4.conf.all.route_localnet` set
/// @param dropInvalid whether packets of no known connection are dropped on their way through: not
///     if the kernel was told to be liberal about what belongs to a connection
/// @param randomFully whether masquerading chooses source ports at random
/// @param countInvalid whether the kernel has a counter [#INVALID_COUNTER] for those dropped
/// @param countLocalhost whether it has [#LOCALHOST_COUNTER] for new connections to node ports on
///     127.0.0.0/8
public record CompileOptions(
    IpFamily family,
    int masqueradeMark,
    boolean localhostNodePorts,
    boolean dropInvalid,
    boolean randomFully,
    boolean countInvalid,
    boolean countLocalhost) {

  /// Packets dropped because they belong to no known connection; upstream's name.
  public static final String INVALID_COUNTER = "ct_state_invalid_dropped_pkts";

  /// Connections to node ports on loopback addresses; upstream's name.
  public static final String LOCALHOST_COUNTER = "localhost_nps_accepted_pkts";

  public CompileOptions {
    if (Integer.bitCount(masqueradeMark) != 1) {
      throw new IllegalArgumentException("not one bit: " + masqueradeMark);
    }
    if (localhostNodePorts && family == IpFamily.IPV6) {
      throw new IllegalArgumentException("no node ports on ::1");
    }
  }

  /// The usual: no node ports on loopback addresses, no counters.
  public static CompileOptions of(IpFamily family, int masqueradeMark) {
    return new CompileOptions(family, masqueradeMark, false, true, true, false, false);
  }
}
