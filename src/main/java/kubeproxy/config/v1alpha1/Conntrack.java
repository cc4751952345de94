package kubeproxy.config.v1alpha1;

import java.time.Duration;

/// `conntrack`: settings of the kernel's connection tracking.
///
/// @param maxPerCore connections for each core; 0 leaves the limit as it is
/// @param min least number of connections
/// @param tcpEstablishedTimeout idle time of TCP connections; 0 leaves the kernel's value
/// @param tcpCloseWaitTimeout time in state CLOSE_WAIT; 0 leaves the kernel's value
/// @param tcpBeLiberal whether TCP packets outside the window are valid
/// @param udpTimeout idle time of unanswered UDP flows; 0 leaves the kernel's value
/// @param udpStreamTimeout idle time of answered UDP flows; 0 leaves the kernel's value
public record Conntrack(
    int maxPerCore,
    int min,
    Duration tcpEstablishedTimeout,
    Duration tcpCloseWaitTimeout,
    boolean tcpBeLiberal,
    Duration udpTimeout,
    Duration udpStreamTimeout) {

  /// What counts where nothing is said.
  public static final Conntrack DEFAULT =
      new Conntrack(
          32 * 1024,
          128 * 1024,
          Duration.ofHours(24),
          Duration.ofHours(1),
          false,
          Duration.ZERO,
          Duration.ZERO);
}
