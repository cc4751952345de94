package kubeproxy.testing.api;

import java.time.Duration;

/// What can go wrong with one request.
public sealed interface Fault {

  /// The answer is a `Status` of a failure.
  ///
  /// @param retryAfterSeconds for the header `Retry-After`; 0 for none
  record Refusal(int code, String reason, String message, int retryAfterSeconds) implements Fault {}

  /// The body is this text instead, with status 200.
  record Garbage(String body) implements Fault {}

  /// The connection is reset after so many bytes of the body.
  record Cut(int afterBytes) implements Fault {}

  /// Nothing comes after so many bytes of the body, but the connection stays: it is half open.
  record Stall(int afterBytes) implements Fault {}

  /// The body comes in small pieces.
  record Slow(int bytesAtOnce, Duration pause) implements Fault {}

  /// The connection is closed instead of an answer.
  record Drop() implements Fault {}

  /// No answer ever comes.
  record Hang() implements Fault {}

  /// A watch tells each event twice.
  record Duplicate() implements Fault {}

  /// A watch tells events that are there at the same time in reverse order.
  record Reorder() implements Fault {}
}
