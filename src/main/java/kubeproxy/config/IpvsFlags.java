package kubeproxy.config;

import static kubeproxy.config.FlagGroup.IPVS;

import java.time.Duration;
import java.util.List;

/// Flags of the ipvs mode.
public final class IpvsFlags {

  public static final Flag<Duration> IPVS_SYNC_PERIOD =
      Flag.of(
              IPVS,
              "ipvs-sync-period",
              FlagTypes.DURATION,
              Duration.ofSeconds(30),
              "1.17",
              "What iptables-sync-period is for the other modes.")
          .onlyIn("ipvs");
  public static final Flag<Duration> IPVS_MIN_SYNC_PERIOD =
      Flag.of(
              IPVS,
              "ipvs-min-sync-period",
              FlagTypes.DURATION,
              Duration.ZERO,
              "1.17",
              "What iptables-min-sync-period is for the other modes.")
          .onlyIn("ipvs");
  public static final Flag<String> IPVS_SCHEDULER =
      Flag.of(
              IPVS,
              "ipvs-scheduler",
              FlagTypes.STRING,
              "",
              "1.17",
              "How connections are spread over endpoints: rr (the default), wrr, lc, wlc,"
                  + " lblc, lblcr, sh, dh, sed, nq, or another scheduler that the kernel has.")
          .onlyIn("ipvs");
  public static final Flag<List<String>> IPVS_EXCLUDE_CIDRS =
      Flag.of(
              IPVS,
              "ipvs-exclude-cidrs",
              FlagTypes.STRINGS,
              List.of(),
              "1.17",
              "CIDRs with virtual servers of others, which are never removed.")
          .onlyIn("ipvs");
  public static final Flag<Boolean> IPVS_STRICT_ARP =
      Flag.of(
              IPVS,
              "ipvs-strict-arp",
              FlagTypes.BOOL,
              false,
              "1.17",
              "Let the node answer ARP only for addresses of the interface that was asked"
                  + " (arp_ignore=1, arp_announce=2).")
          .onlyIn("ipvs");
  public static final Flag<Duration> IPVS_TCP_TIMEOUT =
      Flag.of(
              IPVS,
              "ipvs-tcp-timeout",
              FlagTypes.DURATION,
              Duration.ZERO,
              "1.18",
              "How long an idle TCP connection is remembered (0 leaves the setting as it is).")
          .onlyIn("ipvs");
  public static final Flag<Duration> IPVS_TCPFIN_TIMEOUT =
      Flag.of(
              IPVS,
              "ipvs-tcpfin-timeout",
              FlagTypes.DURATION,
              Duration.ZERO,
              "1.18",
              "How long a TCP connection is remembered after a FIN (0 leaves the setting"
                  + " as it is).")
          .onlyIn("ipvs");
  public static final Flag<Duration> IPVS_UDP_TIMEOUT =
      Flag.of(
              IPVS,
              "ipvs-udp-timeout",
              FlagTypes.DURATION,
              Duration.ZERO,
              "1.18",
              "How long a UDP flow is remembered (0 leaves the setting as it is).")
          .onlyIn("ipvs");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          IPVS_SYNC_PERIOD,
          IPVS_MIN_SYNC_PERIOD,
          IPVS_SCHEDULER,
          IPVS_EXCLUDE_CIDRS,
          IPVS_STRICT_ARP,
          IPVS_TCP_TIMEOUT,
          IPVS_TCPFIN_TIMEOUT,
          IPVS_UDP_TIMEOUT);

  private IpvsFlags() {}
}
