package kubeproxy.engine;

import static kubeproxy.engine.SyncScheduler.NEVER;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kubeproxy.dataplane.Refusal;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// The Services of one family that were refused: set aside until their back-off has passed or they
/// change, then on probation until a sync with them succeeds. Not thread-safe, has no clock.
final class SetAsideServices {
  /// A refusal that passes by itself (memory, a module just loading) is over within a second.
  static final long FIRST_RETRY_NANOS = 1_000_000_000L;

  /// Bounds how long a Service stays broken after the cause has gone; a try costs one transaction.
  static final long LONGEST_RETRY_NANOS = 300_000_000_000L;

  private final Map<ObjectKey, Entry> entries = new TreeMap<>();

  /// One Service that was refused and has not been installed since.
  private static final class Entry {
    private Refusal refusal;
    private int refusals;
    private long backOff;
    private long retryAt;
    private boolean aside;

    /// Whether it is tried without others, because a try of several failed as a whole.
    private boolean alone;

    Entry(Refusal refusal) {
      this.refusal = refusal;
    }
  }

  /// The Services to leave as they are.
  Set<ObjectKey> aside() {
    Set<ObjectKey> keys = new HashSet<>();
    entries.forEach((key, entry) -> {
      if (entry.aside) {
        keys.add(key);
      }
    });
    return keys;
  }

  /// Whether this Service is set aside now.
  boolean isAside(ObjectKey service) {
    Entry entry = entries.get(service);
    return entry != null && entry.aside;
  }

  /// Sets a refused Service aside, for twice as long as the last time.
  SetAsideService refuse(ObjectKey service, Refusal refusal, long now) {
    Entry entry = entries.computeIfAbsent(service, _ -> new Entry(refusal));
    entry.refusal = refusal;
    entry.refusals++;
    postpone(entry, now);
    return describe(service, entry);
  }

  /// Sets Services on trial aside again after a try that failed as a whole, which says nothing of
  /// any one of them; they are tried one by one from now on.
  void putBack(Collection<ObjectKey> trial, long now) {
    for (ObjectKey service : trial) {
      Entry entry = entries.get(service);
      if (entry != null) {
        postpone(entry, now);
        entry.alone = true;
      }
    }
  }

  private static void postpone(Entry entry, long now) {
    entry.backOff =
        entry.backOff == 0 ? FIRST_RETRY_NANOS : Math.min(2 * entry.backOff, LONGEST_RETRY_NANOS);
    entry.retryAt = now + entry.backOff;
    entry.aside = true;
  }

  /// These Services are wanted differently now: those set aside are tried at once.
  void release(Collection<ObjectKey> changed) {
    if (entries.isEmpty()) {
      return;
    }
    for (ObjectKey service : changed) {
      Entry entry = entries.get(service);
      if (entry != null) {
        entry.aside = false;
        entry.alone = false;
        entry.backOff = 0;
      }
    }
  }

  /// When the next back-off ends, or [SyncScheduler#NEVER].
  long nextRetryAt() {
    long next = NEVER;
    for (Entry entry : entries.values()) {
      if (entry.aside) {
        next = Math.min(next, entry.retryAt);
      }
    }
    return next;
  }

  /// Takes the Services whose back-off has passed to try them together; just one if it is to be
  /// tried alone.
  Set<ObjectKey> takeDue(long now) {
    Set<ObjectKey> due = new HashSet<>();
    @Nullable ObjectKey alone = null;
    for (Map.Entry<ObjectKey, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (entry.aside && entry.retryAt <= now) {
        if (!entry.alone) {
          due.add(each.getKey());
        } else if (alone == null) {
          alone = each.getKey();
        }
      }
    }
    if (due.isEmpty() && alone != null) {
      due.add(alone);
    }
    entries.forEach((key, entry) -> entry.aside &= !due.contains(key));
    return due;
  }

  /// A sync succeeded: every Service that was not set aside in it is as wanted.
  List<SetAsideService> settle() {
    List<SetAsideService> restored = new ArrayList<>();
    Iterator<Map.Entry<ObjectKey, Entry>> all = entries.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<ObjectKey, Entry> each = all.next();
      if (!each.getValue().aside) {
        restored.add(describe(each.getKey(), each.getValue()));
        all.remove();
      }
    }
    return restored;
  }

  /// The Services set aside, sorted.
  List<SetAsideService> list() {
    List<SetAsideService> list = new ArrayList<>();
    entries.forEach((key, entry) -> {
      if (entry.aside) {
        list.add(describe(key, entry));
      }
    });
    return list;
  }

  private static SetAsideService describe(ObjectKey service, Entry entry) {
    return new SetAsideService(service, entry.refusal, entry.refusals, entry.backOff);
  }
}
