package kubeproxy.engine;

/// Decides when one family is synced next and whether the kernel's content is read back then.
///
/// A request runs at once when idle, and otherwise as soon as the minimum interval since the end of
/// the last sync has passed; requests that arrive meanwhile share that one run. A failure is
/// retried after the retry interval unless a request comes first; a success cancels the retry. Not
/// thread-safe, has no clock: times are nanoseconds since any origin, not negative.
final class SyncScheduler {
  /// A time that never comes.
  static final long NEVER = Long.MAX_VALUE;

  private long minInterval;
  private long retryInterval;
  private final long observeInterval = SyncPacing.OBSERVE_INTERVAL.toNanos();
  private final DriftSpacing driftSpacing = new DriftSpacing();

  private boolean requested;

  /// The next sync observes whatever asked for it.
  private boolean mustObserve = true;

  /// End of the last sync, or [#NEVER] before the first.
  private long lastEnd = NEVER;

  /// When drift may next be answered.
  private long driftNotBefore;

  /// When the last sync failed, or [#NEVER] if it did not.
  private long failedAt = NEVER;

  private long observeAt = NEVER;
  private long driftAt = NEVER;

  SyncScheduler(SyncPacing pacing) {
    pace(pacing);
  }

  /// Goes by other intervals from now on, also for what the last sync began.
  final void pace(SyncPacing pacing) {
    minInterval = pacing.minInterval().toNanos();
    retryInterval = pacing.retryInterval().toNanos();
  }

  /// There is something to install.
  void request() {
    requested = true;
  }

  /// Someone else changed what is installed.
  void driftNoticed(long now) {
    driftAt = Math.min(driftAt, Math.max(now, driftNotBefore));
  }

  /// When to sync next if nothing more happens, or [#NEVER].
  long nextRunAt() {
    long wanted = requested ? 0 : Math.min(retryAt(), Math.min(observeAt, driftAt));
    return wanted == NEVER ? NEVER : Math.max(wanted, notBefore());
  }

  /// Before this time no sync is allowed.
  long notBefore() {
    return lastEnd == NEVER ? 0 : lastEnd + minInterval;
  }

  private long retryAt() {
    return failedAt == NEVER ? NEVER : failedAt + retryInterval;
  }

  /// Whether to sync now.
  boolean isDue(long now) {
    return nextRunAt() <= now;
  }

  /// Whether a sync now should read back first.
  boolean isObserveDue(long now) {
    return mustObserve || observeAt <= now || driftAt <= now;
  }

  /// Whether the last sync failed and nothing has succeeded since.
  boolean isFailing() {
    return failedAt != NEVER;
  }

  /// A sync ended well.
  ///
  /// @param now the end of it
  void succeeded(long now, boolean observed) {
    requested = false;
    failedAt = NEVER;
    lastEnd = now;
    if (observed) {
      mustObserve = false;
      driftNotBefore = now + (driftAt == NEVER ? driftSpacing.current() : driftSpacing.next(now));
      driftAt = NEVER;
      observeAt = now + observeInterval;
    }
  }

  /// A sync of something else than what was requested ended and left everything as it was.
  ///
  /// @param now the end of it
  void tried(long now) {
    lastEnd = now;
  }

  /// A sync failed.
  ///
  /// @param now the end of it
  void failed(long now) {
    requested = false;
    mustObserve = true;
    lastEnd = now;
    failedAt = now;
    // the retry observes; without this an overdue observe would come before it
    observeAt = NEVER;
    driftAt = NEVER;
  }
}
