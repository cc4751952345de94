package kubeproxy.config;

import java.time.Duration;
import java.util.List;
import kubeproxy.model.IpPrefix;

/// What each mode was asked for. Values of a mode that is not in use are not checked.
///
/// @param iptables also rules the userspace mode and, for masquerading, the ipvs mode
public record ModeOptions(Iptables iptables, Ipvs ipvs, Nftables nftables, Userspace userspace) {

  /// The iptables mode.
  ///
  /// @param localhostNodePorts whether node ports answer on 127.0.0.1; IPv4 only
  public record Iptables(SyncPeriods sync, Masquerade masquerade, boolean localhostNodePorts) {}

  /// The nftables mode.
  public record Nftables(SyncPeriods sync, Masquerade masquerade) {}

  /// The ipvs mode.
  ///
  /// @param scheduler how IPVS picks an endpoint, as the kernel names it; never empty
  /// @param excludeCidrs virtual servers in these CIDRs are left alone
  /// @param strictArp whether to set `arp_ignore` to 1 and `arp_announce` to 2
  public record Ipvs(
      SyncPeriods sync,
      String scheduler,
      List<IpPrefix> excludeCidrs,
      boolean strictArp,
      IpvsTimeouts timeouts) {
    public Ipvs {
      excludeCidrs = List.copyOf(excludeCidrs);
    }
  }

  /// How long IPVS remembers idle connections; 0 leaves the kernel's value.
  public record IpvsTimeouts(Duration tcp, Duration tcpFin, Duration udp) {}

  /// The userspace mode.
  ///
  /// @param ports host ports for the sockets of Services
  /// @param udpIdleTimeout how long an idle UDP flow is remembered; positive
  public record Userspace(PortRange ports, Duration udpIdleTimeout) {}

  /// How often a mode syncs.
  public SyncPeriods sync(ProxyMode mode) {
    return switch (mode) {
      case IPTABLES, USERSPACE -> iptables.sync();
      case IPVS -> ipvs.sync();
      case NFTABLES -> nftables.sync();
    };
  }

  /// How a mode masquerades.
  public Masquerade masquerade(ProxyMode mode) {
    return switch (mode) {
      case IPTABLES, USERSPACE, IPVS -> iptables.masquerade();
      case NFTABLES -> nftables.masquerade();
    };
  }
}
