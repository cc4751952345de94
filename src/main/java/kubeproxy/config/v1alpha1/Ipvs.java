package kubeproxy.config.v1alpha1;

import java.time.Duration;
import java.util.List;

/// `ipvs`: the ipvs mode.
///
/// @param syncPeriod how often everything is looked at
/// @param minSyncPeriod least time between two syncs
/// @param scheduler how IPVS picks an endpoint; empty for `rr`
/// @param excludeCidrs virtual servers in these CIDRs are left alone
/// @param strictArp whether ARP is answered and announced only where an address is
/// @param tcpTimeout idle time of TCP connections; 0 leaves the kernel's value
/// @param tcpFinTimeout idle time of TCP connections after a FIN; 0 leaves the kernel's value
/// @param udpTimeout idle time of UDP flows; 0 leaves the kernel's value
public record Ipvs(
    Duration syncPeriod,
    Duration minSyncPeriod,
    String scheduler,
    List<String> excludeCidrs,
    boolean strictArp,
    Duration tcpTimeout,
    Duration tcpFinTimeout,
    Duration udpTimeout) {

  /// What counts where nothing is said.
  public static final Ipvs DEFAULT =
      new Ipvs(
          Duration.ofSeconds(30),
          Duration.ZERO,
          "",
          List.of(),
          false,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO);

  public Ipvs {
    excludeCidrs = List.copyOf(excludeCidrs);
  }
}
