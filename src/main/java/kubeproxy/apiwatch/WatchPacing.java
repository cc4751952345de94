package kubeproxy.apiwatch;

import java.time.Duration;

/// Times and sizes of listing and watching. All durations are positive.
///
/// @param firstDelay wait before the first attempt after a failure; doubles with every further one
/// @param longestDelay the longest of those waits
/// @param calmAfter after so long without a failure the waits begin at the first one again
/// @param longestRetryAfter a server that wants us to wait longer than this is asked sooner
/// @param watchAtLeast the shortest time that a watch asks for; each asks for a random time between
///     this and twice as long, so that watches do not all end together
/// @param shortWatch a watch that ends sooner without having told anything counts as failed
/// @param silence a connection on which no byte comes for so long is dead
/// @param initialSilence the same while a server streams the initial state: it may be one that does
///     not know how to end that
/// @param headTimeout the longest wait for the head of an answer
/// @param recheckSource how often to ask whether there is something better than what is used
/// @param goOnWithout how long the start waits for a kind that one can do without
/// @param pageLimit objects per page of a list that does not come from the server's memory
/// @param relistAfterFailures after so many failures in a row a watch is not resumed but listed
///   anew
public record WatchPacing(
    Duration firstDelay,
    Duration longestDelay,
    Duration calmAfter,
    Duration longestRetryAfter,
    Duration watchAtLeast,
    Duration shortWatch,
    Duration silence,
    Duration initialSilence,
    Duration headTimeout,
    Duration recheckSource,
    Duration goOnWithout,
    int pageLimit,
    int relistAfterFailures) {

  /// A watch is never asked to be shorter than this, whatever `--config-sync-period` says: every
  /// new one costs the server a request.
  private static final Duration SHORTEST_WATCH = Duration.ofSeconds(30);

  /// The times of production. Waits and watch times are those of other clients of Kubernetes, which
  /// servers are built for. A healthy server sends a bookmark about each minute, so three minutes
  /// without a byte mean a connection that only looks open; without this, a lost peer is noticed
  /// by nobody.
  public static WatchPacing standard() {
    return new WatchPacing(
        Duration.ofMillis(800),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        Duration.ofMinutes(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(75),
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        500,
        5);
  }

  /// These times with `--config-sync-period`: each watch is renewed at least that often. Upstream
  /// hands all objects on again after that time, unchanged, from its own memory. That repairs
  /// nothing here, because handing on cannot be lost: the inbox keeps the last state until it is
  /// fetched, and what is installed is read back from the kernel by the data planes. What can be
  /// lost is the connection, so that is what the period renews. Half a minute at least.
  public WatchPacing renewedEvery(Duration configSyncPeriod) {
    Duration longest =
        configSyncPeriod.compareTo(SHORTEST_WATCH) < 0 ? SHORTEST_WATCH : configSyncPeriod;
    Duration half = longest.dividedBy(2);
    return half.compareTo(watchAtLeast) >= 0 ? this : withWatchAtLeast(half);
  }

  /// These times with another `watchAtLeast`.
  public WatchPacing withWatchAtLeast(Duration time) {
    return new WatchPacing(
        firstDelay,
        longestDelay,
        calmAfter,
        longestRetryAfter,
        time,
        shortWatch,
        silence,
        initialSilence,
        headTimeout,
        recheckSource,
        goOnWithout,
        pageLimit,
        relistAfterFailures);
  }

  /// These times with another `goOnWithout`.
  public WatchPacing withGoOnWithout(Duration time) {
    return new WatchPacing(
        firstDelay,
        longestDelay,
        calmAfter,
        longestRetryAfter,
        watchAtLeast,
        shortWatch,
        silence,
        initialSilence,
        headTimeout,
        recheckSource,
        time,
        pageLimit,
        relistAfterFailures);
  }

  /// These times with another `pageLimit`.
  public WatchPacing withPageLimit(int limit) {
    return new WatchPacing(
        firstDelay,
        longestDelay,
        calmAfter,
        longestRetryAfter,
        watchAtLeast,
        shortWatch,
        silence,
        initialSilence,
        headTimeout,
        recheckSource,
        goOnWithout,
        limit,
        relistAfterFailures);
  }
}
