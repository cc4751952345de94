package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.Test;

/// Families with something to try again are looked at again, and others are not.
class ListenRetryTest {
  private static final long PATIENCE_SECONDS = 30;

  private final BlockingQueue<IpFamily> looked = new LinkedBlockingQueue<>();

  @Test
  void looksAgainWhileSomethingWaits() throws InterruptedException {
    try (ListenRetry retry = new ListenRetry(looked::add, Duration.ofMillis(1))) {
      retry.watch(IpFamily.IPV4, () -> false);
      retry.watch(IpFamily.IPV6, () -> true);
      for (int i = 0; i < 3; i++) {
        assertThat(looked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(IpFamily.IPV6);
      }
    }
  }
}
