package kubeproxy.engine;

import static kubeproxy.engine.SyncScheduler.NEVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncSchedulerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3600 * SECOND;

  private final SyncScheduler scheduler = scheduler(1, 30);

  private static SyncScheduler scheduler(int minSeconds, int retrySeconds) {
    return new SyncScheduler(
        new SyncPacing(Duration.ofSeconds(minSeconds), Duration.ofSeconds(retrySeconds)));
  }

  @Test
  void nothingRunsBeforeARequest() {
    assertThat(scheduler.nextRunAt()).isEqualTo(NEVER);
  }

  @Test
  void theFirstRequestRunsAtOnceAndObserves() {
    scheduler.request();

    assertThat(scheduler.isDue(0)).isTrue();
    assertThat(scheduler.isObserveDue(0)).isTrue();
  }

  @Test
  void requestsWithinTheMinimumIntervalShareOneRunAtItsEnd() {
    scheduler.request();
    scheduler.succeeded(10 * SECOND, true);
    scheduler.request();
    scheduler.request();

    assertThat(scheduler.nextRunAt()).isEqualTo(11 * SECOND);
    assertThat(scheduler.isDue(11 * SECOND - 1)).isFalse();
    assertThat(scheduler.isDue(11 * SECOND)).isTrue();
    assertThat(scheduler.isObserveDue(11 * SECOND)).isFalse();
    scheduler.succeeded(12 * SECOND, false);
    assertThat(scheduler.nextRunAt()).isEqualTo(10 * SECOND + HOUR);
  }

  @Test
  void anotherPacingCountsFromTheLastSyncToo() {
    scheduler.request();
    scheduler.succeeded(10 * SECOND, true);
    scheduler.request();
    scheduler.pace(new SyncPacing(Duration.ofSeconds(5), Duration.ofSeconds(20)));
    assertThat(scheduler.nextRunAt()).isEqualTo(15 * SECOND);

    scheduler.failed(15 * SECOND);
    scheduler.pace(new SyncPacing(Duration.ZERO, Duration.ofSeconds(3)));
    assertThat(scheduler.notBefore()).isEqualTo(15 * SECOND);
    assertThat(scheduler.nextRunAt()).isEqualTo(18 * SECOND);
    assertThat(scheduler.isFailing()).isTrue();
  }

  @Test
  void anotherPacingDoesNotHoldUpTheFirstSync() {
    scheduler.request();
    scheduler.pace(new SyncPacing(Duration.ofSeconds(5), Duration.ofSeconds(20)));
    assertThat(scheduler.isDue(0)).isTrue();
  }

  @Test
  void anIdleFamilyRunsAtOnce() {
    scheduler.succeeded(10 * SECOND, true);
    scheduler.request();

    assertThat(scheduler.isDue(20 * SECOND)).isTrue();
  }

  @Test
  void theKernelIsReadBackEveryHourWhateverElseRan() {
    scheduler.succeeded(0, true);
    scheduler.request();
    scheduler.succeeded(HOUR / 2, false);

    assertThat(scheduler.nextRunAt()).isEqualTo(HOUR);
    assertThat(scheduler.isObserveDue(HOUR)).isTrue();
    assertThat(scheduler.isObserveDue(HOUR - 1)).isFalse();
  }

  @Test
  void aFailureIsRetriedAfterTheRetryIntervalAndObserves() {
    scheduler.succeeded(0, true);
    scheduler.request();
    scheduler.failed(100 * SECOND);

    assertThat(scheduler.nextRunAt()).isEqualTo(130 * SECOND);
    assertThat(scheduler.isObserveDue(130 * SECOND)).isTrue();
    assertThat(scheduler.isFailing()).isTrue();
  }

  @Test
  void aFailureBeforeAnythingSucceededIsNotRetriedSooner() {
    scheduler.request();
    scheduler.failed(SECOND);

    assertThat(scheduler.nextRunAt()).isEqualTo(31 * SECOND);
  }

  @Test
  void aRequestComesBeforeTheRetryAndItsSuccessCancelsIt() {
    scheduler.request();
    scheduler.failed(100 * SECOND);
    scheduler.request();

    assertThat(scheduler.nextRunAt()).isEqualTo(101 * SECOND);
    assertThat(scheduler.isObserveDue(101 * SECOND)).isTrue();
    scheduler.succeeded(101 * SECOND, true);
    assertThat(scheduler.isFailing()).isFalse();
    assertThat(scheduler.nextRunAt()).isEqualTo(101 * SECOND + HOUR);
  }

  @Test
  void anotherFailureMovesTheRetry() {
    scheduler.request();
    scheduler.failed(100 * SECOND);
    scheduler.request();
    scheduler.failed(110 * SECOND);

    assertThat(scheduler.nextRunAt()).isEqualTo(140 * SECOND);
  }

  @Test
  void aRetryIntervalShorterThanTheMinimumWaitsForTheMinimum() {
    SyncScheduler slow = scheduler(10, 2);
    slow.request();
    slow.failed(100 * SECOND);

    assertThat(slow.nextRunAt()).isEqualTo(110 * SECOND);
  }

  @Test
  void driftIsAnsweredAtOnceWhenNothingWasReadBackLately() {
    scheduler.succeeded(0, true);
    scheduler.driftNoticed(60 * SECOND);

    assertThat(scheduler.isDue(60 * SECOND)).isTrue();
    assertThat(scheduler.isObserveDue(60 * SECOND)).isTrue();
  }

  @Test
  void driftAgainAndAgainIsAnsweredAtASpacing() {
    SyncScheduler unpaced = scheduler(0, 30);
    unpaced.succeeded(60 * SECOND, true);
    unpaced.driftNoticed(60 * SECOND + 1);
    unpaced.driftNoticed(60 * SECOND + 2);

    long spacing = SyncPacing.DRIFT_SPACING.toNanos();
    assertThat(unpaced.nextRunAt()).isEqualTo(60 * SECOND + spacing);
    unpaced.request();
    assertThat(unpaced.isDue(60 * SECOND + 3)).isTrue();
    assertThat(unpaced.isObserveDue(60 * SECOND + 3)).isFalse();
    unpaced.succeeded(60 * SECOND + 4, false);
    assertThat(unpaced.nextRunAt()).isEqualTo(60 * SECOND + spacing);
  }

  @Test
  void whoUndoesEveryRepairIsAnsweredLessAndLessOften() {
    SyncScheduler unpaced = scheduler(0, 30);
    unpaced.succeeded(0, true);
    List<Long> pauses = new ArrayList<>();
    long now = 10 * SECOND;
    for (int repair = 0; repair < 14; repair++) {
      unpaced.driftNoticed(now + 1);
      long due = unpaced.nextRunAt();
      pauses.add((due - now) / SECOND);
      unpaced.succeeded(due, true);
      now = due;
    }
    assertThat(pauses).containsExactly(0L, 1L, 1L, 1L, 1L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);

    now += 200 * SECOND;
    unpaced.driftNoticed(now);
    assertThat(unpaced.nextRunAt()).as("after some peace").isEqualTo(now);
    unpaced.succeeded(now, true);
    unpaced.driftNoticed(now + 1);
    assertThat(unpaced.nextRunAt()).isEqualTo(now + SECOND);
  }

  @Test
  void triesOfOtherThingsCountForTheMinimumIntervalOnly() {
    scheduler.succeeded(0, true);
    scheduler.tried(50 * SECOND);
    scheduler.request();

    assertThat(scheduler.nextRunAt()).isEqualTo(51 * SECOND);
  }
}
