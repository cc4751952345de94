package kubeproxy.config;

import java.time.Duration;
import java.util.OptionalInt;

/// What is set in the kernel's connection tracking (`net.netfilter.nf_conntrack_*`).
///
/// @param maxPerCore connections for each core; 0 leaves `nf_conntrack_max` as it is
/// @param min least value of `nf_conntrack_max`
/// @param timeouts how long connections are remembered
/// @param tcpBeLiberal whether to set `nf_conntrack_tcp_be_liberal`
public record ConntrackOptions(int maxPerCore, int min, Timeouts timeouts, boolean tcpBeLiberal) {

  /// The most that is derived from the number of cores: a table of 2^20 entries takes about 300 MiB
  /// of kernel memory when full, and machines with hundreds of cores need no more.
  public static final int MAX_SCALED = 1 << 20;

  /// How long idle connections are remembered; whole seconds count, 0 leaves a setting as it is.
  public record Timeouts(
      Duration tcpEstablished, Duration tcpCloseWait, Duration udp, Duration udpStream) {}

  /// The value for `nf_conntrack_max`; empty to leave it as it is. A minimum above [#MAX_SCALED] is
  /// honoured where the cores alone would ask for less than that.
  ///
  /// @param cores number of CPU cores, at least 1
  public OptionalInt maximum(int cores) {
    if (maxPerCore <= 0) {
      return OptionalInt.empty();
    }
    long scaled = (long) maxPerCore * cores;
    return OptionalInt.of(scaled > MAX_SCALED ? MAX_SCALED : Math.max((int) scaled, min));
  }
}
