package kubeproxy.engine;

import static kubeproxy.engine.SyncScheduler.NEVER;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodeFacts;
import org.jspecify.annotations.Nullable;

/// The thread that keeps the kernel in step with the cluster: fetches what arrived, folds it into
/// the snapshot, plans and syncs each family. IPv4 comes first, and neither family's failure
/// touches the other.
///
/// An error in the program ends the loop and goes to the [FaultHandler]; what the kernel holds
/// stays. [#step] is the whole loop without thread and waiting.
public final class SyncLoop implements AutoCloseable {
  /// A data plane answers within its own time limits, which are shorter; after this the process
  /// ends without it.
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Inbox inbox;
  private final SyncObserver observer;
  private final FaultHandler faults;
  private final LongSupplier clock;
  private final StatusBoard board;
  private final List<FamilySync> families = new ArrayList<>();

  private NodeFacts facts = new NodeFacts(List.of());
  private volatile ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  private volatile PendingChanges folded = PendingChanges.NONE;
  private boolean planned;
  private volatile boolean closing;
  private @Nullable Thread thread;

  /// @param members one per family
  /// @param observer is told what happens, on the sync thread
  /// @param faults is told if the loop ends by itself
  /// @param clock nanoseconds since any origin, not negative
  public SyncLoop(
      Inbox inbox,
      List<SyncMember> members,
      SyncObserver observer,
      FaultHandler faults,
      LongSupplier clock) {
    this.inbox = inbox;
    this.observer = observer;
    this.faults = faults;
    this.clock = clock;
    Set<IpFamily> names = EnumSet.noneOf(IpFamily.class);
    for (SyncMember member : members) {
      if (!names.add(member.dataplane().family())) {
        throw new IllegalArgumentException("two members for " + member.dataplane().family());
      }
    }
    board = new StatusBoard(names);
    members.stream()
        .sorted(Comparator.comparing(member -> member.dataplane().family()))
        .map(member -> new FamilySync(member, observer, board, clock))
        .forEach(families::add);
  }

  /// Does what there is to do now. Called by the sync thread only.
  ///
  /// @return when to call again if nothing arrives, by the clock; [Long#MAX_VALUE] for never
  public long step() {
    inbox.take().ifPresent(this::fold);
    if (!planned) {
      return NEVER;
    }
    families.forEach(FamilySync::run);
    if (families.stream().allMatch(FamilySync::isCurrent)) {
      folded = PendingChanges.NONE;
    }
    return families.stream().mapToLong(FamilySync::nextRunAt).min().orElse(NEVER);
  }

  /// Where every family stands. Any thread.
  public Map<IpFamily, FamilyStatus> status() {
    return board.all();
  }

  /// The cluster as known. Any thread.
  public ClusterSnapshot snapshot() {
    return snapshot;
  }

  /// Changes that arrived and that not every family has installed, or found to make no difference.
  /// Any thread.
  public PendingChanges pendingChanges() {
    return folded.plus(inbox.pendingChanges());
  }

  /// Waits until every family has installed this revision of the snapshot or a later one, except
  /// for the Services set aside. Any thread.
  ///
  /// @return whether it is installed; false after the timeout or when the loop has ended
  public boolean awaitInstalled(long revision, Duration timeout) throws InterruptedException {
    return board.await(status -> status.installedRevision() >= revision, timeout);
  }

  /// Waits like [#awaitInstalled] for everything that was put up to this position of the inbox.
  public boolean awaitInstalledPosition(long position, Duration timeout)
      throws InterruptedException {
    return board.await(status -> status.installedPosition() >= position, timeout);
  }

  /// Goes on with another configuration, on the sync thread and as soon as it may: the last
  /// snapshot is planned anew, and where that plan differs from the one before, the kernel is
  /// changed. What is the same is not touched. A later call replaces an earlier one that waits. Any
  /// thread.
  ///
  /// @param next what changes, by family; families that are not named go on as before
  /// @return a position of the inbox to give to [#awaitInstalledPosition]
  /// @throws IllegalArgumentException if the loop has no such family
  public long reconfigure(Map<IpFamily, Reconfiguration> next) {
    if (!board.all().keySet().containsAll(next.keySet())) {
      throw new IllegalArgumentException("not of this loop: " + next.keySet());
    }
    return inbox.putReconfigurations(next);
  }

  /// Starts the thread.
  public void start() {
    Thread started = Thread.ofPlatform().name("sync").daemon(true).unstarted(this::runUntilClosed);
    thread = started;
    started.start();
  }

  /// Ends the thread after the sync it is in and closes the data planes. What is programmed stays.
  @Override
  public void close() {
    closing = true;
    inbox.close();
    Thread started = thread;
    if (started == null) {
      closeAll();
      return;
    }
    try {
      started.join(STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fold(Inbox.Batch batch) {
    List<ObjectKey> removed = compareTriggers(batch);
    ClusterSnapshot.Step step = snapshot.apply(batch.delta());
    snapshot = step.snapshot();
    if (!step.change().isEmpty()) {
      PendingChanges changed = PendingChanges.of(batch.delta().changes().keySet());
      folded = folded.plus(changed);
      observer.on(
          new SyncEvent.Folded(snapshot.revision(), changed.services(), changed.endpointSlices()));
    }
    boolean factsChanged = batch.facts().isPresent() && !batch.facts().get().equals(facts);
    if (factsChanged) {
      facts = batch.facts().get();
      observer.on(new SyncEvent.FactsChanged(facts));
    }
    boolean plan = !planned || factsChanged || !step.change().isEmpty();
    planned = true;
    for (FamilySync family : families) {
      Reconfiguration reconfiguration = batch.reconfigurations().get(family.family());
      if (reconfiguration != null) {
        family.reconfigure(reconfiguration);
      }
      family.triggered(batch.triggers(), removed);
      if (plan || reconfiguration != null) {
        family.plan(snapshot, facts, step.change());
      }
      family.reached(snapshot.revision(), batch.position());
    }
    notice(batch.drifted());
  }

  /// Drops the times of changes that are known already.
  ///
  /// @return the slices that are gone
  private List<ObjectKey> compareTriggers(Inbox.Batch batch) {
    for (ObjectKey slice : batch.triggers().slices()) {
      EndpointSlice known = snapshot.slices().get(slice);
      if (known != null) {
        batch.triggers().removeKnown(known);
      }
    }
    List<ObjectKey> removed = new ArrayList<>();
    batch
        .delta()
        .changes()
        .forEach((id, object) -> {
          if (id.kind() == Kind.ENDPOINT_SLICE && object.isEmpty()) {
            removed.add(id.key());
          }
        });
    return removed;
  }

  private void notice(Set<IpFamily> drifted) {
    for (FamilySync family : families) {
      if (drifted.contains(family.family())) {
        family.noticeDrift();
      }
    }
  }

  private void runUntilClosed() {
    try {
      while (!closing) {
        awaitWork(step());
      }
      closeAll();
    } catch (InterruptedException e) {
      closeAll();
    } catch (RuntimeException | Error e) {
      board.end();
      faults.fatal("sync", e);
    }
  }

  /// Waits for something to do. While no family may be synced anyway, arrivals gather in the inbox,
  /// so that a storm of events costs one plan per sync and not one per event.
  private void awaitWork(long next) throws InterruptedException {
    long now = clock.getAsLong();
    long gather = families.stream().mapToLong(FamilySync::notBefore).min().orElse(0) - now;
    long wait = next == NEVER ? NEVER : next - now;
    inbox.await(gather, gather > 0 ? wait - gather : wait);
  }

  private void closeAll() {
    families.forEach(FamilySync::close);
    board.end();
  }
}
