package kubeproxy.config;

import static kubeproxy.config.FlagGroup.USERSPACE;

import java.time.Duration;
import java.util.List;

/// Flags of the userspace mode, which Kubernetes no longer has.
public final class UserspaceFlags {

  public static final Flag<PortRange> PROXY_PORT_RANGE =
      Flag.of(
              USERSPACE,
              "proxy-port-range",
              FlagTypes.PORT_RANGE,
              PortRange.ANY,
              "1.17",
              "Ports of this host that the proxy may listen on: N, A-B or A+count. Empty"
                  + " or 0 means any free port.")
          .onlyIn("userspace")
          .until("1.25");
  public static final Flag<Duration> UDP_TIMEOUT =
      Flag.of(
              USERSPACE,
              "udp-timeout",
              FlagTypes.DURATION,
              Duration.ofMillis(250),
              "1.17",
              "How long an idle UDP flow is kept.")
          .onlyIn("userspace")
          .until("1.25");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL = List.of(PROXY_PORT_RANGE, UDP_TIMEOUT);

  private UserspaceFlags() {}
}
