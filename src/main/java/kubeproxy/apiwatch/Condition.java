package kubeproxy.apiwatch;

import java.io.IOException;
import kubeproxy.apidecode.MalformedBody;

/// How it stands with one kind.
public enum Condition {
  /// Nothing has been heard yet.
  STARTING,
  /// Watching, or about to resume a watch that ended in order.
  CONNECTED,
  /// No connection, or it broke, or nothing came for too long.
  UNREACHABLE,
  /// The server does not know who we are (401).
  UNAUTHORIZED,
  /// We may not list or watch this (403).
  FORBIDDEN,
  /// The server asks us to wait (429, or 503 with `Retry-After`).
  THROTTLED,
  /// The server has another trouble.
  SERVER_ERROR,
  /// What came could not be understood.
  MALFORMED,
  /// The server has no such resource, in no version that we know.
  NOT_SERVED;

  /// The one that a failure means.
  static Condition of(IOException failure) {
    return switch (failure) {
      case ApiFailure refusal -> refusal.condition();
      case MalformedBody _, WentBackException _ -> MALFORMED;
      default -> UNREACHABLE;
    };
  }
}
