package kubeproxy.testing;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.engine.SyncEvent;
import kubeproxy.engine.SyncObserver;

/// Keeps the events of the engine. Thread-safe.
public final class EventLog implements SyncObserver {
  private final List<SyncEvent> events = new ArrayList<>();

  @Override
  public synchronized void on(SyncEvent event) {
    events.add(event);
  }

  /// The events of one type since the last [#clear].
  public synchronized <E extends SyncEvent> List<E> of(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// The newest event of one type.
  public <E extends SyncEvent> E last(Class<E> type) {
    return of(type).getLast();
  }

  /// Forgets the events so far.
  public synchronized void clear() {
    events.clear();
  }
}
