package kubeproxy.engine;

import java.time.Duration;

/// How often a family may and must be synced.
///
/// @param minInterval shortest time from the end of one sync to the start of the next
///   (`minSyncPeriod`); not negative
/// @param retryInterval time from a failed sync to the next try when nothing else asks for one
///   (`syncPeriod`); positive
public record SyncPacing(Duration minInterval, Duration retryInterval) {

  /// How often the kernel's content is read back although nothing hints at a difference. As often
  /// as kube-proxy rewrites everything; it catches only what no drift notice told of.
  public static final Duration OBSERVE_INTERVAL = Duration.ofHours(1);

  /// Shortest time between reading back and reading back again because of a drift notice. Bounds
  /// what another program that keeps changing our state can cost.
  public static final Duration DRIFT_SPACING = Duration.ofSeconds(1);

  /// How far that time grows while somebody undoes every repair, as a second proxy with another
  /// configuration does. The first repairs of such a row are not delayed.
  public static final Duration LONGEST_DRIFT_SPACING = Duration.ofMinutes(1);

  public SyncPacing {
    if (minInterval.isNegative() || retryInterval.isNegative() || retryInterval.isZero()) {
      throw new IllegalArgumentException(minInterval + ", " + retryInterval);
    }
  }
}
