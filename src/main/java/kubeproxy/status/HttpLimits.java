package kubeproxy.status;

import java.time.Duration;

/// What clients may cost. Nobody has to prove who they are, so whatever a client can make us hold
/// has a limit.
final class HttpLimits {
  /// Connections waiting to be accepted.
  static final int BACKLOG = 128;

  /// Open connections of one server. Probes and scrapers are few.
  static final int MAX_CONNECTIONS = 128;

  /// Request line and headers together.
  static final int MAX_HEAD_BYTES = 16 * 1024;

  static final int MAX_HEADERS = 64;

  /// Nothing that is sent to us is longer than a number.
  static final int MAX_BODY_BYTES = 4 * 1024;

  /// For sending a request, from its first byte to its last, however slowly they drip.
  static final Duration REQUEST_TIME = Duration.ofSeconds(10);

  /// For taking an answer, or the next part of a large one.
  static final Duration ANSWER_TIME = Duration.ofSeconds(30);

  /// For an unused connection: longer than the usual period of probes, 10 s, and of scrapes, 60 s.
  static final Duration IDLE_TIME = Duration.ofSeconds(90);

  /// How exactly these times are kept.
  static final Duration TICK = Duration.ofSeconds(1);

  /// Rest after a connection could not be accepted, for example for want of file descriptors.
  static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  /// For the thread that accepts, to let go of a socket that is closed. It takes microseconds, as
  /// soon as the thread gets its turn.
  static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private HttpLimits() {}
}
