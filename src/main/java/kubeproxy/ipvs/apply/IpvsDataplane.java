package kubeproxy.ipvs.apply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.apply.IptablesCleanup;
import kubeproxy.iptables.apply.IptablesPort;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.diff.DiffOptions;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.ipvs.apply.IpvsPort.Result;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.compile.FragmentCompiler;
import kubeproxy.ipvs.compile.NodeView;
import kubeproxy.ipvs.compile.RuleCompiler;
import kubeproxy.ipvs.diff.Desired;
import kubeproxy.ipvs.diff.Differ;
import kubeproxy.ipvs.diff.FullDiff;
import kubeproxy.ipvs.diff.Installed;
import kubeproxy.ipvs.diff.IpvsFootprint;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.ipvs.diff.OwnedOperation;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.ipvs.diff.Proposal;
import kubeproxy.ipvs.diff.RuleDiff;
import kubeproxy.ipvs.program.Fragment;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.Backend;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// The `ipvs` mode for one family.
///
/// Everything it knows of the kernel is in [Installed], which changes only when all changes of a
/// sync were acknowledged. After anything else the next sync reads back first, whether it is asked
/// to or not. The sync thread syncs; the watch asks [#isOutOfDate]; a lock keeps them apart.
public final class IpvsDataplane implements Dataplane {
  private final IpvsPort kernel;
  private final IptablesPort iptables;
  private final CompileOptions options;
  private final Ownership ownership;
  private final FragmentCompiler compiler;
  private final RuleCompiler rules;
  private final Installed installed = new Installed();

  /// Whether the kernel may hold other things than what was acknowledged.
  private boolean uncertain = true;

  /// Grows with every sync.
  private long generation;

  /// @param kernel for the sync thread alone
  public IpvsDataplane(
      IpvsPort kernel, IptablesPort iptables, CompileOptions options, Ownership ownership) {
    this.kernel = kernel;
    this.iptables = iptables;
    this.options = options;
    this.ownership = ownership;
    this.compiler = new FragmentCompiler(options);
    this.rules = new RuleCompiler(options);
  }

  @Override
  public String name() {
    return "ipvs";
  }

  @Override
  public IpFamily family() {
    return options.family();
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.SOURCE_ADDRESS_PRESERVED,
        Capability.CLUSTER_IP_GUARD,
        Capability.SCTP,
        Capability.STATE_OUTLIVES_PROCESS);
  }

  @Override
  public synchronized SyncOutcome sync(SyncRequest request) {
    generation++;
    NodeView view = installed.view();
    if (view == null
        || request.observe()
        || uncertain
        || !view.settings().equals(request.plan().settings())) {
      return observeAndSync(request);
    }
    return syncChanges(request, view);
  }

  private SyncOutcome syncChanges(SyncRequest request, NodeView view) {
    Map<ObjectKey, @Nullable Fragment> changed = new TreeMap<>();
    for (ObjectKey key : request.delta().services()) {
      PlannedService service = request.plan().services().get(key);
      changed.put(key, service == null ? null : compiler.compile(service, view));
    }
    addSetAside(request.setAside(), changed);
    return commit(Differ.changes(installed, new Desired(view, changed, request.setAside())), 0);
  }

  private SyncOutcome observeAndSync(SyncRequest request) {
    Observed observed;
    RestoreInput wrongRules;
    int repairedRules;
    try {
      observed = kernel.observe();
      var saved = iptables.observe();
      NodeSettings settings = request.plan().settings();
      wrongRules = RuleDiff.between(family(), saved, rules.chains(settings));
      NodeView before = installed.view();
      repairedRules =
          before == null || uncertain
              ? 0
              : RuleDiff.between(family(), saved, rules.chains(before.settings())).operations();
    } catch (IOException e) {
      uncertain = true;
      return new SyncOutcome.Indeterminate("cannot read back: " + e.getMessage());
    }
    int repaired = repairedRules + repairs(observed);
    NodeView view = new NodeView(request.plan().settings(), observed.ownAddresses());
    Desired desired =
        new Desired(view, all(request.plan(), view, request.setAside()), request.setAside());
    Proposal proposal = FullDiff.between(observed, desired, server -> isOurs(server, observed));
    SyncOutcome prepared = prepare(proposal, wrongRules);
    if (!(prepared instanceof SyncOutcome.Applied)) {
      return prepared;
    }
    return switch (commit(proposal, wrongRules.operations())) {
      case SyncOutcome.Applied applied -> new SyncOutcome.Applied(applied.operations(), repaired);
      case SyncOutcome.Rejected rejected -> rejected;
      case SyncOutcome.Indeterminate indeterminate -> indeterminate;
    };
  }

  private boolean isOurs(Observed.Server server, Observed observed) {
    return installed.holds(server.key()) || ownership.isProxys(server, observed);
  }

  /// All Services as desired; those set aside as they are installed.
  private Map<ObjectKey, @Nullable Fragment> all(
      NodePlan plan, NodeView view, Set<ObjectKey> setAside) {
    Map<ObjectKey, @Nullable Fragment> fragments = new TreeMap<>();
    plan.services().forEach((key, service) -> fragments.put(key, compiler.compile(service, view)));
    addSetAside(setAside, fragments);
    return fragments;
  }

  private void addSetAside(Set<ObjectKey> setAside, Map<ObjectKey, @Nullable Fragment> fragments) {
    setAside.forEach(key -> fragments.put(key, installed.fragment(key)));
  }

  /// How much differs from what was acknowledged; 0 if it is not known what that is. A real server
  /// whose last connection has ended is no difference of somebody's making.
  private int repairs(Observed observed) {
    NodeView view = installed.view();
    if (uncertain || view == null) {
      return 0;
    }
    return (int)
        difference(observed, view).stream()
            .map(OwnedOperation::operation)
            .filter(operation -> !isEndOfDraining(operation))
            .count();
  }

  private List<OwnedOperation> difference(Observed observed, NodeView view) {
    Desired acknowledged = new Desired(view, new TreeMap<>(installed.fragments()), Set.of());
    return FullDiff.between(observed, acknowledged, server -> isOurs(server, observed))
        .operations();
  }

  private boolean isEndOfDraining(Operation operation) {
    return switch (operation) {
      case Operation.RemoveBackend(ServerKey key, Backend backend) ->
          installed.draining().getOrDefault(key, Set.of()).contains(backend);
      case Operation.RemoveServer(ServerKey key) -> installed.draining().containsKey(key);
      case Operation.RemoveEntry(SetEntry entry) ->
          installed.draining().keySet().stream().anyMatch(key -> Differ.mark(key).equals(entry));
      default -> false;
    };
  }

  /// Makes what everything else stands on: the interface, the sets, and the rules, which cannot
  /// refer to sets that are not there.
  private SyncOutcome prepare(Proposal proposal, RestoreInput wrongRules) {
    SyncOutcome made =
        apply(proposal.operations().stream().filter(IpvsDataplane::isFoundation).toList());
    if (!(made instanceof SyncOutcome.Applied) || wrongRules.isEmpty()) {
      return made;
    }
    return switch (iptables.restore(wrongRules)) {
      case RestoreEnd.Restored() -> made;
      case RestoreEnd.Locked(String error) ->
          rejected(new Refusal(null, "iptables-restore", "EAGAIN", error));
      case RestoreEnd.Refused(int line, String error) ->
          rejected(new Refusal(null, wrongRules.line(line), "EINVAL", error));
      case RestoreEnd.Unknown(String reason) -> indeterminate(reason);
    };
  }

  private static boolean isFoundation(OwnedOperation each) {
    return each.operation() instanceof Operation.MakeLink
        || each.operation() instanceof Operation.MakeSet;
  }

  /// @param before how much was written for the same sync already
  private SyncOutcome commit(Proposal proposal, int before) {
    SyncOutcome outcome =
        apply(proposal.operations().stream().filter(each -> !isFoundation(each)).toList());
    if (!(outcome instanceof SyncOutcome.Applied)) {
      return outcome;
    }
    installed.accept(proposal);
    uncertain = false;
    try {
      removeIdle(proposal);
    } catch (IOException e) {
      return indeterminate("cannot remove what has no connections: " + e.getMessage());
    }
    return new SyncOutcome.Applied(before + proposal.operations().size(), 0);
  }

  private SyncOutcome apply(List<OwnedOperation> operations) {
    if (operations.isEmpty()) {
      return new SyncOutcome.Applied(0, 0);
    }
    List<Result> results;
    try {
      results = kernel.apply(operations.stream().map(OwnedOperation::operation).toList());
    } catch (IOException e) {
      return indeterminate("cannot change what is installed: " + e.getMessage());
    }
    String surprise = null;
    Map<@Nullable ObjectKey, Refusal> refusals = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      OwnedOperation each = operations.get(i);
      switch (results.get(i)) {
        case Result.Done() -> {}
        case Result.Surprise(String reason) -> surprise = surprise == null ? reason : surprise;
        // the first of a Service is the reason for those that follow
        case Result.Refused(String error, String detail) ->
            refusals.putIfAbsent(
                each.owner(),
                new Refusal(each.owner(), each.operation().toString(), error, detail));
      }
    }
    if (!refusals.isEmpty()) {
      return rejected(refusals.values().toArray(Refusal[]::new));
    }
    return surprise == null
        ? new SyncOutcome.Applied(operations.size(), 0)
        : indeterminate("what is installed is not what was: " + surprise);
  }

  private SyncOutcome rejected(Refusal... refusals) {
    uncertain = true;
    return new SyncOutcome.Rejected(List.of(refusals));
  }

  private SyncOutcome indeterminate(String reason) {
    uncertain = true;
    return new SyncOutcome.Indeterminate(reason);
  }

  /// Removes the real servers that have just lost their weight and have no connections, and a
  /// virtual server that has no others left. A refusal does not matter: the watch will see it.
  ///
  /// @throws IOException if it is not known what became of them
  private void removeIdle(Proposal proposal) throws IOException {
    Map<ServerKey, Set<Backend>> drained = new LinkedHashMap<>();
    for (OwnedOperation each : proposal.operations()) {
      if (each.operation() instanceof Operation.Drain(ServerKey key, Backend backend)) {
        drained.computeIfAbsent(key, _ -> new HashSet<>()).add(backend);
      }
    }
    if (drained.isEmpty()) {
      return;
    }
    List<Operation> removals = new ArrayList<>();
    for (Map.Entry<ServerKey, Set<Backend>> entry : drained.entrySet()) {
      removals.addAll(removals(entry.getKey(), entry.getValue()));
    }
    List<Result> results = kernel.apply(removals);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof Result.Done) {
        forget(removals.get(i));
      }
    }
  }

  private List<Operation> removals(ServerKey key, Set<Backend> drained) throws IOException {
    List<Observed.RealServer> servers = kernel.realServers(key);
    List<Operation> idle = new ArrayList<>();
    for (Observed.RealServer server : servers) {
      if (server.connections() == 0 && drained.contains(server.backend())) {
        idle.add(new Operation.RemoveBackend(key, server.backend()));
      }
    }
    boolean last = idle.size() == servers.size() && !installed.serves(key);
    return last
        ? List.of(new Operation.RemoveServer(key), new Operation.RemoveEntry(Differ.mark(key)))
        : idle;
  }

  private void forget(Operation removal) {
    if (removal instanceof Operation.RemoveBackend(ServerKey key, Backend backend)) {
      installed.forget(key, backend);
    } else if (removal instanceof Operation.RemoveServer(ServerKey key)) {
      installed.forget(key);
    }
  }

  /// A number that changes with every sync. Any thread.
  synchronized long generation() {
    return generation;
  }

  /// Whether there is something to do: connections have ended that were waited for, the node has
  /// other addresses, or somebody changed what is ours. Any thread.
  ///
  /// @param observed what was read back since the generation was `since`; if it is another one now,
  ///     it says nothing
  synchronized boolean isOutOfDate(Observed observed, long since) {
    NodeView view = installed.view();
    if (since != generation || uncertain || view == null) {
      return false;
    }
    return !view.ownAddresses().equals(observed.ownAddresses())
        || !difference(observed, view).isEmpty();
  }

  @Override
  public synchronized Map<String, Integer> objectCounts() {
    return new HashMap<>(installed.counts());
  }

  /// Removes what of it no other mode has, and the virtual servers.
  @Override
  public synchronized void cleanUp() {
    uncertain = true;
    try {
      Observed observed = kernel.observe();
      List<Operation> removals = new ArrayList<>();
      observed.servers().values().stream()
          .filter(server -> isOurs(server, observed))
          .map(server -> new Operation.RemoveServer(server.key()))
          .forEach(removals::add);
      observed.bound().stream().map(Operation.RemoveAddress::new).forEach(removals::add);
      observed.entries().stream().map(Operation.RemoveEntry::new).forEach(removals::add);
      kernel.apply(removals);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    IptablesCleanup.remove(
            iptables, family(), DiffOptions.LEGACY, IpvsFootprint.all(), new ArrayList<>())
        .ifPresent(failure -> {
          throw new IllegalStateException(failure.step() + ": " + failure.reason());
        });
  }

  /// The kernel stays open.
  @Override
  public void close() {}
}
