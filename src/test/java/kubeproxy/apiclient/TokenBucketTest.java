package kubeproxy.apiclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import kubeproxy.testing.ManualClock;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private final ManualClock clock = new ManualClock();
  private final TokenBucket bucket = new TokenBucket(2, 3, clock);

  @Test
  void allowsABurstAndThenSoManyPerSecond() {
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.tryTake()).isTrue();
    }
    assertThat(bucket.tryTake()).isFalse();
    clock.advance(Duration.ofMillis(499));
    assertThat(bucket.tryTake()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(bucket.tryTake()).isTrue();
    clock.advance(Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.tryTake()).isTrue();
    }
    assertThat(bucket.tryTake()).isFalse();
  }

  @Test
  void theTokensOfTheFutureHaveATurn() {
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.takeNext()).isZero();
    }
    assertThat(bucket.takeNext()).isEqualTo(500_000_000);
    assertThat(bucket.takeNext()).isEqualTo(1_000_000_000);
    bucket.giveBack();
    clock.advance(Duration.ofMillis(500));
    assertThat(bucket.takeNext()).isEqualTo(500_000_000);
  }

  @Test
  void mustAllowSomething() {
    assertThatThrownBy(() -> new TokenBucket(0, 1, clock))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBucket(1, 0, clock))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBucket(Float.NaN, 1, clock))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
