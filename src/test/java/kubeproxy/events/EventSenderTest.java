package kubeproxy.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import kubeproxy.apiclient.ApiRequest;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One write of an event.
@Timeout(30)
class EventSenderTest {

  /// The head of an answer comes, and then nothing, as from a server that lost its power.
  private static final class HalfOpen implements ApiTransport {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public ApiResponse send(ApiRequest request) {
      return new ApiResponse() {
        @Override
        public int status() {
          return 201;
        }

        @Override
        public Optional<String> header(String name) {
          return Optional.empty();
        }

        @Override
        public InputStream body() {
          return new InputStream() {
            @Override
            public int read() throws IOException {
              return read(new byte[1], 0, 1);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
              try {
                closed.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              throw new IOException("given up");
            }
          };
        }

        @Override
        public void close() {
          closed.countDown();
        }
      };
    }

    @Override
    public void close() {}
  }

  @Test
  void anAnswerThatDoesNotEndIsGivenUp() throws InterruptedException {
    EventSender sender =
        new EventSender(
            new HalfOpen(),
            new EventJson("kube-proxy-host1", "host1"),
            Logger.SILENT,
            Duration.ofMillis(1));
    Occurrence starting =
        Occurrence.first(ProxyEvent.starting("node1"), Instant.parse("2026-01-02T03:04:05Z"));

    assertThat(sender.write(starting)).isEqualTo(EventSender.Outcome.UNREACHABLE);
  }
}
