package kubeproxy.config;

import static kubeproxy.config.FlagGroup.CONNTRACK;

import java.time.Duration;
import java.util.List;

/// Flags about connection tracking.
public final class ConntrackFlags {

  public static final Flag<Integer> CONNTRACK_MAX_PER_CORE =
      Flag.of(
          CONNTRACK,
          "conntrack-max-per-core",
          FlagTypes.INT32,
          32768,
          "1.17",
          "Connections to track for each CPU core (0 leaves the limit as it is and ignores"
              + " conntrack-min).");
  public static final Flag<Integer> CONNTRACK_MIN =
      Flag.of(
          CONNTRACK,
          "conntrack-min",
          FlagTypes.INT32,
          131072,
          "1.17",
          "Least number of connections to track, however few cores there are.");
  public static final Flag<Duration> CONNTRACK_TCP_TIMEOUT_ESTABLISHED =
      Flag.of(
          CONNTRACK,
          "conntrack-tcp-timeout-established",
          FlagTypes.DURATION,
          Duration.ofHours(24),
          "1.17",
          "How long an idle TCP connection is remembered (0 leaves the setting as it is).");
  public static final Flag<Duration> CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT =
      Flag.of(
          CONNTRACK,
          "conntrack-tcp-timeout-close-wait",
          FlagTypes.DURATION,
          Duration.ofHours(1),
          "1.17",
          "How long a TCP connection in state CLOSE_WAIT is remembered (0 leaves the"
              + " setting as it is).");
  public static final Flag<Boolean> CONNTRACK_TCP_BE_LIBERAL =
      Flag.of(
          CONNTRACK,
          "conntrack-tcp-be-liberal",
          FlagTypes.BOOL,
          false,
          "1.29",
          "Do not treat TCP packets outside the window as invalid.");
  public static final Flag<Duration> CONNTRACK_UDP_TIMEOUT =
      Flag.of(
          CONNTRACK,
          "conntrack-udp-timeout",
          FlagTypes.DURATION,
          Duration.ZERO,
          "1.29",
          "How long an unanswered UDP flow is remembered (0 leaves the setting as it is).");
  public static final Flag<Duration> CONNTRACK_UDP_TIMEOUT_STREAM =
      Flag.of(
          CONNTRACK,
          "conntrack-udp-timeout-stream",
          FlagTypes.DURATION,
          Duration.ZERO,
          "1.29",
          "How long an answered UDP flow is remembered (0 leaves the setting as it is).");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          CONNTRACK_MAX_PER_CORE,
          CONNTRACK_MIN,
          CONNTRACK_TCP_TIMEOUT_ESTABLISHED,
          CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT,
          CONNTRACK_TCP_BE_LIBERAL,
          CONNTRACK_UDP_TIMEOUT,
          CONNTRACK_UDP_TIMEOUT_STREAM);

  private ConntrackFlags() {}
}
