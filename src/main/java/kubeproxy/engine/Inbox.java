package kubeproxy.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.plan.NodeFacts;

/// Where sources on any thread leave what they learn and the sync thread fetches it.
///
/// Of each object only the last state is kept, so its size is bounded by the number of objects, not
/// of events. Nothing passes before every registered source has said that it put all there is: half
/// a cluster would look like endpoints that are gone.
///
/// Every put has a position, growing by one; [SyncLoop#awaitInstalledPosition] waits for it.
public final class Inbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<Source> sources = new ArrayList<>();
  private final Map<ObjectId, Optional<ClusterObject>> changes = new HashMap<>();
  private final Set<IpFamily> drifted = EnumSet.noneOf(IpFamily.class);
  private final Map<IpFamily, Reconfiguration> reconfigurations = new EnumMap<>(IpFamily.class);
  private final TriggerTimes triggers = new TriggerTimes();
  private Optional<NodeFacts> facts = Optional.empty();
  private long position;
  private boolean open;
  private boolean closed;

  /// Position of the last batch taken, -1 before the first.
  private long takenPosition = -1;

  /// What arrived since the last time.
  ///
  /// @param position of the last put that is included
  /// @param facts of the node, if they were put
  /// @param triggers of the changes of endpoints in `delta` and those they replaced
  /// @param drifted families of which someone else changed what is installed
  /// @param reconfigurations of the families whose configuration is another one now
  public record Batch(
      long position,
      ClusterDelta delta,
      TriggerTimes triggers,
      Optional<NodeFacts> facts,
      Set<IpFamily> drifted,
      Map<IpFamily, Reconfiguration> reconfigurations) {
    public Batch {
      drifted = Set.copyOf(drifted);
      reconfigurations = Map.copyOf(reconfigurations);
    }
  }

  /// One supplier of objects or facts. Thread-safe.
  public final class Source {
    private final String name;
    private boolean synced;

    private Source(String name) {
      this.name = name;
    }

    /// Puts changes; later ones replace earlier ones of the same object, from whatever source.
    ///
    /// @return the position
    public long put(ClusterDelta delta) {
      return Inbox.this.put(delta);
    }

    /// Puts the facts of this node.
    ///
    /// @return the position
    public long putFacts(NodeFacts nodeFacts) {
      lock.lock();
      try {
        facts = Optional.of(nodeFacts);
        return advance();
      } finally {
        lock.unlock();
      }
    }

    /// Everything that there was at the start has been put. Saying so again has no effect.
    public void markSynced() {
      lock.lock();
      try {
        synced = true;
        open |= sources.stream().allMatch(source -> source.synced);
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Adds a supplier that has to be waited for. All are registered before any is synced.
  ///
  /// @param name for people
  public Source register(String name) {
    lock.lock();
    try {
      if (open) {
        throw new IllegalStateException("registered after all were synced: " + name);
      }
      Source source = new Source(name);
      sources.add(source);
      return source;
    } finally {
      lock.unlock();
    }
  }

  /// Names of the suppliers that are still waited for, in the order of registration.
  public List<String> awaitedSources() {
    lock.lock();
    try {
      return sources.stream().filter(source -> !source.synced).map(source -> source.name).toList();
    } finally {
      lock.unlock();
    }
  }

  /// How many objects were put and not taken.
  PendingChanges pendingChanges() {
    lock.lock();
    try {
      return PendingChanges.of(changes.keySet());
    } finally {
      lock.unlock();
    }
  }

  /// Someone else changed what is installed for this family.
  public void noticeDrift(IpFamily family) {
    lock.lock();
    try {
      drifted.add(family);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Puts a new configuration; a later one replaces an earlier one of the same family.
  ///
  /// @return the position
  long putReconfigurations(Map<IpFamily, Reconfiguration> next) {
    lock.lock();
    try {
      reconfigurations.putAll(next);
      return advance();
    } finally {
      lock.unlock();
    }
  }

  /// Takes all that arrived; empty if there is nothing or sources are still waited for. The first
  /// batch comes even if it has no content.
  public Optional<Batch> take() {
    lock.lock();
    try {
      if (!hasBatch()) {
        return Optional.empty();
      }
      Batch batch =
          new Batch(
              position,
              new ClusterDelta(changes),
              triggers.take(),
              facts,
              drifted,
              reconfigurations);
      changes.clear();
      drifted.clear();
      reconfigurations.clear();
      facts = Optional.empty();
      takenPosition = position;
      return Optional.of(batch);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until [#take] would give something or the time is over, or until it is closed.
  ///
  /// @param gatherNanos at least this long, whatever arrives
  /// @param nanos at most this long, not counting the time before
  /// @throws InterruptedException if the thread was interrupted
  void await(long gatherNanos, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = gatherNanos;
      while (!closed && remaining > 0) {
        remaining = arrived.awaitNanos(remaining);
      }
      remaining = nanos;
      while (!closed && !hasBatch() && remaining > 0) {
        remaining = arrived.awaitNanos(remaining);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Nobody waits any longer.
  void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long put(ClusterDelta delta) {
    lock.lock();
    try {
      if (takenPosition >= 0) {
        changes.putAll(delta.changes());
        delta.changes().forEach(this::noteTrigger);
      } else {
        // nobody knows of any object yet, so a removal need not be remembered
        delta.changes().forEach(this::putUndelivered);
      }
      return advance();
    } finally {
      lock.unlock();
    }
  }

  private void putUndelivered(ObjectId id, Optional<ClusterObject> object) {
    if (object.isPresent()) {
      changes.put(id, object);
    } else {
      changes.remove(id);
    }
  }

  private void noteTrigger(ObjectId id, Optional<ClusterObject> object) {
    if (id.kind() != Kind.ENDPOINT_SLICE) {
      return;
    }
    if (object.orElse(null) instanceof EndpointSlice slice) {
      triggers.put(slice);
    } else {
      triggers.remove(id.key());
    }
  }

  private long advance() {
    arrived.signalAll();
    return ++position;
  }

  private boolean hasBatch() {
    return open && (takenPosition < position || !drifted.isEmpty());
  }
}
