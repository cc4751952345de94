package kubeproxy.apiwatch;

import java.util.OptionalLong;
import java.util.function.LongSupplier;
import kubeproxy.model.Kind;

/// Keeps the [KindState] of one kind. Written by the thread of its watch, read by any.
final class KindStatus {
  private final Kind kind;
  private final LongSupplier nanoTime;
  private String resource = "";
  private Condition condition = Condition.STARTING;
  private String detail = "";
  private boolean synced;
  private int failures;
  private int objects;
  private int malformed;
  private long lists;
  private long watches;
  private long events;
  private OptionalLong lastEvent = OptionalLong.empty();
  private OptionalLong lastList = OptionalLong.empty();
  private OptionalLong lastHeard = OptionalLong.empty();

  KindStatus(Kind kind, LongSupplier nanoTime) {
    this.kind = kind;
    this.nanoTime = nanoTime;
  }

  synchronized KindState state() {
    return new KindState(
        kind, resource, condition, detail, synced, failures, objects, malformed, lists, watches,
        events, lastEvent, lastList, lastHeard);
  }

  synchronized void reads(String path) {
    resource = path;
  }

  synchronized void listed(int knownObjects, int malformedObjects) {
    lists++;
    lastList = OptionalLong.of(nanoTime.getAsLong());
    lastHeard = lastList;
    objects = knownObjects;
    malformed = malformedObjects;
  }

  synchronized void watching() {
    watches++;
    condition = Condition.CONNECTED;
    lastHeard = OptionalLong.of(nanoTime.getAsLong());
  }

  synchronized void event(int knownObjects, int malformedObjects) {
    events++;
    lastEvent = OptionalLong.of(nanoTime.getAsLong());
    lastHeard = lastEvent;
    objects = knownObjects;
    malformed = malformedObjects;
  }

  synchronized void bookmark() {
    lastHeard = OptionalLong.of(nanoTime.getAsLong());
  }

  /// The attempts succeed again. Returns how many had failed before.
  synchronized int succeeded() {
    int before = failures;
    failures = 0;
    detail = "";
    return before;
  }

  /// One more attempt has failed. Returns how many did since the last success.
  synchronized int failed(Condition reason, String what) {
    condition = reason;
    detail = what;
    return ++failures;
  }

  /// The server does not have it, which is no failure.
  synchronized void absent() {
    condition = Condition.NOT_SERVED;
    failures = 0;
    detail = "";
  }

  synchronized void synced() {
    synced = true;
  }
}
