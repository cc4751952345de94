package kubeproxy.events;

import java.time.Instant;

/// An event as it is stored: what happened, and how often up to now.
///
/// @param name of the stored object
/// @param first when it happened for the first time
/// @param last when it happened for the last time
/// @param count 1 or more
record Occurrence(String name, ProxyEvent event, Instant first, Instant last, int count) {
  /// Names of objects have 253 characters at most, of which 17 are for the time.
  private static final int MAX_NAME_PREFIX = 236;

  /// The first time.
  static Occurrence first(ProxyEvent event, Instant at) {
    String prefix = event.regarding().name();
    String start =
        prefix.length() <= MAX_NAME_PREFIX ? prefix : prefix.substring(0, MAX_NAME_PREFIX);
    long nanos = at.getEpochSecond() * 1_000_000_000 + at.getNano();
    return new Occurrence(start + "." + Long.toHexString(nanos), event, at, at, 1);
  }

  /// Once more.
  Occurrence again(Instant at) {
    return new Occurrence(name, event, first, at, count + 1);
  }
}
