package kubeproxy.app;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import kubeproxy.config.ProxyMode;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.engine.FaultHandler;
import kubeproxy.engine.FlowCleaner;
import kubeproxy.engine.Inbox;
import kubeproxy.engine.Reconfiguration;
import kubeproxy.engine.SyncLoop;
import kubeproxy.engine.SyncMember;
import kubeproxy.engine.SyncObserver;
import kubeproxy.engine.SyncPacing;
import kubeproxy.ipvs.apply.KernelIpvs;
import kubeproxy.kernel.route.AddressWatcher;
import kubeproxy.kernel.route.LocalAddresses;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.Planner;

/// Everything between the inbox and the kernel, in the network namespace of the thread that opens
/// and starts it: planners, data planes, the sync loop, and the watches of addresses and of our
/// tables. What is programmed in the kernel stays when it is closed.
///
/// Sources of objects are registered in [#inbox()] before [#start()], and nothing is programmed
/// before they are synced.
public final class Pipeline implements AutoCloseable {
  private final Inbox inbox = new Inbox();
  private final Inbox.Source addresses = inbox.register("addresses");
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<IpFamily, Dataplane> dataplanes = new EnumMap<>(IpFamily.class);
  private final FlowCleaner<ConntrackFlows.Entry> cleaner;
  private final SyncLoop loop;
  private final ModeParts parts;
  private final FaultHandler faults;

  private Pipeline(
      ModeOpener mode,
      Map<IpFamily, PlanConfig> plans,
      SyncPacing pacing,
      SyncObserver observer,
      FaultHandler faults)
      throws IOException {
    this.faults = faults;
    LongSupplier nanoTime = sinceNow();
    try {
      parts = opened(mode.open(inbox::noticeDrift, faults));
      ConntrackFlows flows = opened(ConntrackFlows.open());
      cleaner = new FlowCleaner<>(flows, observer, nanoTime);
      List<SyncMember> members = new ArrayList<>();
      plans.forEach((family, plan) -> {
        Dataplane dataplane = parts.dataplane(family);
        dataplanes.put(family, dataplane);
        members.add(new SyncMember(new Planner(plan)::update, dataplane, pacing));
      });
      SyncObserver all = SyncObserver.all(List.of(observer, parts.flowObserver(cleaner)));
      loop = opened(new SyncLoop(inbox, members, all, faults, nanoTime));
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// Opens all parts without programming anything.
  ///
  /// @param mode makes the data planes
  /// @param plans how to plan, for each family that is to be proxied
  /// @param observer is told what happens, on the sync thread and on that which cleans flows
  /// @param faults is told if a part ends by itself
  /// @throws IOException if the kernel cannot be reached or lends no rights
  public static Pipeline open(
      ModeOpener mode,
      Map<IpFamily, PlanConfig> plans,
      SyncPacing pacing,
      SyncObserver observer,
      FaultHandler faults)
      throws IOException {
    return new Pipeline(mode, plans, pacing, observer, faults);
  }

  /// Where sources of objects leave what they learn.
  public Inbox inbox() {
    return inbox;
  }

  /// The sync loop.
  public SyncLoop loop() {
    return loop;
  }

  /// Number of installed objects by type. Called on the sync thread.
  Map<String, Integer> objectCounts(IpFamily family) {
    Dataplane dataplane = dataplanes.get(family);
    return dataplane == null ? Map.of() : dataplane.objectCounts();
  }

  /// How many of them the last sync wrote. Called on the sync thread.
  Map<String, Integer> lastWritten(IpFamily family) {
    Dataplane dataplane = dataplanes.get(family);
    return dataplane == null ? Map.of() : dataplane.lastWritten();
  }

  /// The mode whose rules are in use, which may be another's; empty if none are.
  Optional<ProxyMode> rulesOf(ProxyMode mode) {
    return parts.rulesOf(mode);
  }

  /// What the relay of the mode does, if it has one.
  Optional<RelayTraffic> relayTraffic() {
    return parts.relayTraffic();
  }

  /// Starts the threads.
  ///
  /// @throws IOException if the kernel does not tell of addresses
  public void start() throws IOException {
    watchAddresses();
    loop.start();
    opened(cleaner).start(faults);
  }

  /// Goes on with another configuration in place: what stays the same is not touched. Any thread.
  ///
  /// @param plans how to plan from now on, for the same families as at the start
  /// @return a position of the inbox for [#awaitSettled]
  public long reconfigure(Map<IpFamily, PlanConfig> plans, SyncPacing pacing) {
    Map<IpFamily, Reconfiguration> next = new EnumMap<>(IpFamily.class);
    plans.forEach(
        (family, plan) -> next.put(family, new Reconfiguration(new Planner(plan)::update, pacing)));
    return loop.reconfigure(next);
  }

  /// Waits until everything that was put up to this position of the inbox is installed, except for
  /// the Services set aside, and the flows that became stale by that are gone. Any thread.
  ///
  /// @return whether it is so; false after the timeout or when the loop has ended
  public boolean awaitSettled(long position, Duration timeout) throws InterruptedException {
    return loop.awaitInstalledPosition(position, timeout) && cleaner.awaitClean(timeout);
  }

  /// Addresses of Services that the `ipvs` mode puts on an interface, now or before, are none of
  /// the node.
  private void watchAddresses() throws IOException {
    AddressWatcher watcher = opened(AddressWatcher.openExcept(KernelIpvs.LINK));
    List<IpAddress> known;
    try (LocalAddresses listing = LocalAddresses.openExcept(KernelIpvs.LINK)) {
      known = listing.list();
    }
    addresses.putFacts(new NodeFacts(known));
    addresses.markSynced();
    watcher.start(
        known,
        new AddressWatcher.Listener() {
          @Override
          public void changed(List<IpAddress> now) {
            addresses.putFacts(new NodeFacts(now));
          }

          @Override
          public void failed(IOException reason) {
            faults.fatal("address-watcher", reason);
          }
        });
  }

  private static LongSupplier sinceNow() {
    long origin = System.nanoTime();
    return () -> System.nanoTime() - origin;
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  /// Ends all threads and closes all parts, in reverse order.
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        // It is out of use either way, and the others are to be closed too.
      }
    }
  }
}
