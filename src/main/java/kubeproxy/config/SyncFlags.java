package kubeproxy.config;

import static kubeproxy.config.FlagGroup.SYNC;

import java.time.Duration;
import java.util.List;

/// Flags about how often rules are written.
public final class SyncFlags {

  public static final Flag<Duration> IPTABLES_SYNC_PERIOD =
      Flag.of(
              SYNC,
              "iptables-sync-period",
              FlagTypes.DURATION,
              Duration.ofSeconds(30),
              "1.17",
              "How soon a failed sync is tried again. Twice as long without success makes"
                  + " the node unhealthy. Applies to all modes but ipvs.")
          .onlyIn("iptables", "nftables", "userspace");
  public static final Flag<Duration> IPTABLES_MIN_SYNC_PERIOD =
      Flag.of(
              SYNC,
              "iptables-min-sync-period",
              FlagTypes.DURATION,
              Duration.ofSeconds(1),
              "1.17",
              "Least time between two syncs; changes that arrive meanwhile are taken"
                  + " together. 0 syncs at once. Applies to all modes but ipvs.")
          .onlyIn("iptables", "nftables", "userspace");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL = List.of(IPTABLES_SYNC_PERIOD, IPTABLES_MIN_SYNC_PERIOD);

  private SyncFlags() {}
}
