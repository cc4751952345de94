package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Backoff backoff(long seed) {
    WatchPacing pacing = WatchPacing.standard();
    return new Backoff(
        pacing.firstDelay(), pacing.longestDelay(), pacing.calmAfter(), new SplittableRandom(seed));
  }

  @Test
  void doublesWithJitterUpToTheLongestDelay() {
    Backoff backoff = backoff(1);
    double base = 0.8;
    for (int i = 0; i < 12; i++) {
      double seconds = backoff.next(i * SECOND) / (double) SECOND;

      assertThat(seconds).isBetween(Math.min(base, 30), Math.min(2 * base, 30));

      base *= 2;
    }
  }

  @Test
  void forgetsAfterACalmWhile() {
    Backoff backoff = backoff(2);
    for (int i = 0; i < 6; i++) {
      assertThat(backoff.next(i * SECOND)).isPositive();
    }

    assertThat(backoff.next(5 * SECOND + Duration.ofSeconds(119).toNanos()))
        .isGreaterThan(20 * SECOND);
    assertThat(backoff.next(5 * SECOND + Duration.ofMinutes(4).toNanos())).isLessThan(2 * SECOND);
  }

  @Test
  void proxiesDoNotComeBackTogether() {
    assertThat(backoff(3).next(0)).isNotEqualTo(backoff(4).next(0));
  }
}
