package kubeproxy.apiwatch;

import java.time.Duration;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import kubeproxy.model.Kind;
import org.jspecify.annotations.Nullable;

/// Tells people about failed attempts: each new sort of failure at once, the same one again once a
/// minute, and when it is over. Belongs to the thread of one watch.
final class FailureLog {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Logger log;
  private final LogLimit limit;
  private @Nullable Condition told;

  FailureLog(Kind kind, WatchParts parts) {
    this.log = parts.log();
    this.limit = new LogLimit("watch of " + kind.apiName(), INTERVAL, parts.nanoTime());
  }

  /// An attempt failed.
  ///
  /// @param retryNanos when the next one comes
  void failed(
      ApiResource resource, Condition condition, String what, int failures, long retryNanos) {
    Logger line = condition == told ? log.limited(limit) : log;
    told = condition;
    String retry = Duration.ofNanos(retryNanos).toMillis() + "ms";
    switch (condition) {
      case UNAUTHORIZED ->
          line.error(
              null,
              "The API server does not accept our credentials",
              "resource",
              resource.path(),
              "err",
              what,
              "failures",
              failures,
              "retryIn",
              retry);
      case FORBIDDEN ->
          line.error(
              null,
              "The API server does not let us read this; the role system:node-proxier should",
              "needed",
              KindSources.permission(resource),
              "err",
              what,
              "failures",
              failures,
              "retryIn",
              retry);
      case STARTING, CONNECTED, UNREACHABLE, THROTTLED, SERVER_ERROR, MALFORMED, NOT_SERVED ->
          line.warn(
              "Cannot follow the API server; the last known state stays",
              "resource",
              resource.path(),
              "condition",
              condition,
              "err",
              what,
              "failures",
              failures,
              "retryIn",
              retry);
    }
  }

  /// Attempts succeed again.
  void recovered(ApiResource resource, int failures) {
    if (told != null) {
      log.info("Following the API server again", "resource", resource.path(), "failures", failures);
      told = null;
    }
  }
}
