package kubeproxy.apiclient;

import java.time.Duration;
import kubeproxy.logging.LogLimit;

/// Holds requests back so that this node does not burden the API server: `--kube-api-qps` and
/// `--kube-api-burst`, with the meaning of client-go. Watches are not held back there either.
final class RateLimit {
  private static final float DEFAULT_QPS = 5;
  private static final int DEFAULT_BURST = 10;
  private static final Duration WORTH_A_LINE = Duration.ofSeconds(1);

  private final boolean limited;
  private final TokenBucket bucket;
  private final ClientParts parts;
  private final LogLimit limit;

  /// @param qps 0 for 5, negative for no limit
  /// @param burst 0 or less for 10
  RateLimit(float qps, int burst, ClientParts parts) {
    this.parts = parts;
    limited = qps >= 0;
    bucket =
        new TokenBucket(
            qps > 0 ? qps : DEFAULT_QPS,
            burst > 0 ? burst : DEFAULT_BURST,
            parts.surroundings().nanoTime());
    limit = parts.limit("api-rate");
  }

  /// Waits until it is the turn of a request.
  void admit(ApiRequest request, String host) throws InterruptedException {
    if (!limited) {
      return;
    }
    Duration wait = Duration.ofNanos(bucket.takeNext());
    if (wait.isPositive()) {
      try {
        parts.surroundings().pauses().pause(wait);
      } catch (InterruptedException e) {
        bucket.giveBack();
        throw e;
      }
    }
    parts.tell(new ClientEvent.Admitted(request.method(), host, wait));
    if (wait.compareTo(WORTH_A_LINE) > 0) {
      parts
          .log()
          .limited(limit)
          .info(
              "Waited for the client's own rate limit before sending a request",
              "milliseconds",
              wait.toMillis(),
              "method",
              request.method(),
              "path",
              request.path());
    }
  }
}
