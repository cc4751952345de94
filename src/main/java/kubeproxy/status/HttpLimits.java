package kubeproxy.status;

import java.util.Map;

/// What a client may cost. The JDK's server reads these once, before the first server of the
/// process is made, and only from system properties.
final class HttpLimits {
  /// Connections waiting to be accepted.
  static final int BACKLOG = 64;

  /// Open connections of one server. Probes and scrapers are few; the rest is refused, so that
  /// nobody can make the proxy hold threads and buffers without end.
  static final int MAX_CONNECTIONS = 128;

  /// Seconds for sending a request, and for taking the answer: a client that is slower is cut off.
  static final int REQUEST_SECONDS = 10;

  private static final int ANSWER_SECONDS = 30;

  /// Seconds that an unused connection stays open, longer than the usual probe period of 10 s.
  private static final int IDLE_SECONDS = 30;

  private static final int MAX_IDLE_CONNECTIONS = 32;
  private static final int MAX_HEADERS = 64;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int CLOCK_MILLIS = 1_000;

  private static final Map<String, Integer> PROPERTIES =
      Map.of(
          "jdk.httpserver.maxConnections", MAX_CONNECTIONS,
          "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
          "sun.net.httpserver.maxRspTime", ANSWER_SECONDS,
          "sun.net.httpserver.idleInterval", IDLE_SECONDS,
          "sun.net.httpserver.maxIdleConnections", MAX_IDLE_CONNECTIONS,
          "sun.net.httpserver.maxReqHeaders", MAX_HEADERS,
          "sun.net.httpserver.maxReqHeaderSize", MAX_HEADER_BYTES,
          "sun.net.httpserver.clockTick", CLOCK_MILLIS);

  private HttpLimits() {}

  /// Sets what is not set on the command line of the JVM.
  static void apply() {
    PROPERTIES.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value.toString());
      }
    });
  }
}
