package kubeproxy.engine;

import static kubeproxy.engine.SyncScheduler.NEVER;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import kubeproxy.engine.SyncEvent.FlowReport;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.NodePlan;
import org.jspecify.annotations.Nullable;

/// Deletes stale UDP flows after plans are installed, on a thread of its own.
///
/// It compares what is installed with what the kernel tracks, so nothing is lost when a search
/// fails: the family stays due until one went through. The first installed plan is a reason too,
/// because endpoints may have gone while no proxy ran; flows that lead to serving endpoints stay.
public final class FlowCleaner<F extends Flow> implements SyncObserver, AutoCloseable {
  /// Stale flows deleted per search, to bound memory (some 10 MB); more of them are for the next.
  static final int MAX_STALE = 50_000;

  /// Time from a search that has to be repeated to the repetition, doubling.
  static final long FIRST_RETRY_NANOS = 1_000_000_000L;

  /// A table that cannot be read now may be readable later, so it never gives up.
  static final long LONGEST_RETRY_NANOS = 60_000_000_000L;

  /// After a search the thread rests this many times as long: one fifth of a processor at most.
  static final int REST_FACTOR = 4;

  private static final long STOP_MILLIS = 5_000;

  private final FlowTable<F> table;
  private final SyncObserver observer;
  private final LongSupplier clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition searched = lock.newCondition();
  private final Map<IpFamily, Task> tasks = new EnumMap<>(IpFamily.class);
  private NodeFacts facts = new NodeFacts(List.of());
  private volatile boolean closing;
  private @Nullable Thread thread;

  /// What is known of one family. Guarded by the lock.
  private static final class Task {
    private NodePlan plan;
    private boolean due;
    private boolean searching;
    private long notBefore;
    private long backOff;

    Task(NodePlan plan) {
      this.plan = plan;
    }
  }

  /// @param observer is told of every search
  /// @param clock nanoseconds since any origin, not negative
  public FlowCleaner(FlowTable<F> table, SyncObserver observer, LongSupplier clock) {
    this.table = table;
    this.observer = observer;
    this.clock = clock;
  }

  /// Follows what is installed. Called by the sync thread.
  @Override
  public void on(SyncEvent event) {
    if (event instanceof SyncEvent.Synced synced) {
      installed(synced);
    } else if (event instanceof SyncEvent.FactsChanged changed) {
      factsChanged(changed.facts());
    }
  }

  private void installed(SyncEvent.Synced synced) {
    boolean suspicious = canBecomeStale(synced);
    lock.lock();
    try {
      Task task = tasks.computeIfAbsent(synced.family(), _ -> new Task(synced.installed()));
      task.plan = synced.installed();
      task.due |= suspicious;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static boolean canBecomeStale(SyncEvent.Synced synced) {
    NodePlan before = synced.before();
    if (before == null || synced.report().repaired() > 0 || synced.changes().settings()) {
      return true;
    }
    for (ObjectKey service : synced.changes().services()) {
      if (StaleFlows.canArise(
          before.services().get(service), synced.installed().services().get(service))) {
        return true;
      }
    }
    return false;
  }

  private void factsChanged(NodeFacts changed) {
    lock.lock();
    try {
      facts = changed;
      tasks.values().forEach(task -> task.due = true);
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Searches where it is time to.
  ///
  /// @return when to call again if nothing happens, or [SyncScheduler#NEVER]
  long step() {
    for (IpFamily family : IpFamily.values()) {
      StaleFlows stale = takeDue(family);
      if (stale != null) {
        long start = clock.getAsLong();
        FlowReport report = stale.isEmpty() ? nothing() : clean(family, stale, start);
        finished(family, report, start);
        observer.on(new SyncEvent.FlowsCleaned(family, report));
      }
    }
    return nextAt();
  }

  /// Starts the thread.
  public void start(FaultHandler faults) {
    Thread started =
        Thread.ofPlatform().name("flows").daemon(true).unstarted(() -> runUntilClosed(faults));
    thread = started;
    started.start();
  }

  /// Waits until no search is due or under way: flows that became stale by what it was told are
  /// gone. Any thread.
  ///
  /// @return whether it is so; false after the timeout
  public boolean awaitClean(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = timeout.toNanos();
      while (tasks.values().stream().anyMatch(task -> task.due || task.searching)) {
        if (remaining <= 0) {
          return false;
        }
        remaining = searched.awaitNanos(remaining);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the thread after the search it is in.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    Thread started = thread;
    if (started == null) {
      return;
    }
    try {
      started.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runUntilClosed(FaultHandler faults) {
    try {
      while (!closing) {
        step();
        awaitWork();
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException | Error e) {
      faults.fatal("flows", e);
    }
  }

  private void awaitWork() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = nanosUntilDue();
      while (!closing && nanos > 0) {
        var _ = work.awaitNanos(nanos);
        nanos = nanosUntilDue();
      }
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue() {
    long at = nextAt();
    return at == NEVER ? NEVER : at - clock.getAsLong();
  }

  private @Nullable StaleFlows takeDue(IpFamily family) {
    lock.lock();
    try {
      Task task = tasks.get(family);
      if (task == null || !task.due || task.notBefore > clock.getAsLong()) {
        return null;
      }
      task.due = false;
      task.searching = true;
      return new StaleFlows(task.plan, facts);
    } finally {
      lock.unlock();
    }
  }

  private void finished(IpFamily family, FlowReport report, long start) {
    lock.lock();
    try {
      Task task = tasks.get(family);
      if (task == null) {
        return;
      }
      long now = clock.getAsLong();
      task.backOff =
          report.isClean()
              ? 0
              : Math.clamp(2 * task.backOff, FIRST_RETRY_NANOS, LONGEST_RETRY_NANOS);
      task.due |= !report.isClean();
      task.searching = false;
      searched.signalAll();
      task.notBefore = now + Math.max(task.backOff, REST_FACTOR * (now - start));
    } finally {
      lock.unlock();
    }
  }

  private long nextAt() {
    lock.lock();
    try {
      return tasks.values().stream()
          .filter(task -> task.due)
          .mapToLong(task -> task.notBefore)
          .min()
          .orElse(NEVER);
    } finally {
      lock.unlock();
    }
  }

  private static FlowReport nothing() {
    return new FlowReport(0, 0, 0, "", 0);
  }

  private FlowReport clean(IpFamily family, StaleFlows stale, long start) {
    Search search = new Search(stale);
    FlowTable.Listing listing = table.forEachUdp(family, search::look);
    int deleted = 0;
    int failed = 0;
    for (F flow : search.found) {
      switch (table.delete(flow)) {
        case DELETED -> deleted++;
        case ABSENT -> {}
        case FAILED -> failed++;
      }
    }
    String problem =
        switch (listing) {
          case FlowTable.Listing.Failed(String reason) -> reason;
          case FlowTable.Listing.Interrupted _ -> "interrupted";
          case FlowTable.Listing.Complete _ -> search.problem(failed);
        };
    return new FlowReport(search.listed, deleted, failed, problem, clock.getAsLong() - start);
  }

  /// What one listing brings to light. Nothing is deleted from within the listing.
  private final class Search {
    private final StaleFlows stale;
    private final List<F> found = new ArrayList<>();
    private int listed;
    private boolean more;

    Search(StaleFlows stale) {
      this.stale = stale;
    }

    void look(F flow) {
      listed++;
      if (stale.test(flow)) {
        if (found.size() < MAX_STALE) {
          found.add(flow);
        } else {
          more = true;
        }
      }
    }

    String problem(int failed) {
      if (failed > 0) {
        return failed + " flows could not be deleted";
      }
      return more ? "more than " + MAX_STALE + " stale flows" : "";
    }
  }
}
