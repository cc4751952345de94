package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchPacingTest {
  private static final WatchPacing STANDARD = WatchPacing.standard();

  /// The default of `--config-sync-period` changes nothing.
  @Test
  void theDefaultPeriodIsLongerThanAnyWatch() {
    assertThat(STANDARD.renewedEvery(Duration.ofMinutes(15))).isEqualTo(STANDARD);
  }

  @ParameterizedTest
  @CsvSource({"PT2M,PT1M", "PT1S,PT15S"})
  void aShorterPeriodRenewsWatchesMoreOften(Duration period, Duration atLeast) {
    assertThat(STANDARD.renewedEvery(period).watchAtLeast()).isEqualTo(atLeast);
  }

  @Test
  void aHealthyServerIsNeverTakenForADeadOne() {
    assertThat(STANDARD.silence()).isGreaterThan(Duration.ofMinutes(2));
  }
}
