package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apidecode.ApiEncoding;
import org.junit.jupiter.api.Test;

/// When a stream counts as dead. Time passes only within reads and between them.
class WatchedBodyTest {
  private static final Duration SILENCE = Duration.ofMinutes(3);

  private final AtomicLong nanos = new AtomicLong();
  private Duration pause = Duration.ZERO;
  private boolean closed;
  private final WatchedBody body =
      new WatchedBody(new SlowResponse(), ApiEncoding.JSON, SILENCE, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    body.giveUpIfSilent();
  }

  /// An answer that keeps its reader waiting before each byte.
  private final class SlowResponse implements ApiResponse {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(new byte[100]) {
        @Override
        public synchronized int read() {
          pass(pause);
          return super.read();
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
          pass(pause);
          return super.read(bytes, offset, Math.min(length, 1));
        }
      };
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void aSlowStreamIsNotDeadHoweverLongItTakes() throws IOException {
    pause = SILENCE;
    body.readNBytes(50);
    while (body.read() >= 0) {
      // One after the other.
    }

    assertThat(closed).isFalse();
    assertThat(body.wasSilent()).isFalse();
  }

  @Test
  void nothingForTooLongIsDead() throws IOException {
    pause = SILENCE.plusNanos(1);
    body.read();

    assertThat(closed).isTrue();
    assertThat(body.wasSilent()).isTrue();
  }

  @Test
  void aChangedPatienceCountsFromThen() throws IOException {
    pause = SILENCE.plusNanos(1);
    body.allowSilence(SILENCE.multipliedBy(2));
    body.read();

    assertThat(closed).isFalse();
  }

  @Test
  void whoeverHandlesWhatCameMayTakeTheirTime() throws IOException {
    body.read();
    pass(SILENCE.multipliedBy(10));
    body.read();

    assertThat(closed).isFalse();
  }
}
