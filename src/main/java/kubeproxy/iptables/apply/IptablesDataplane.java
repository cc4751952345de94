package kubeproxy.iptables.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.compile.CompileOptions;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.iptables.diff.Desired;
import kubeproxy.iptables.diff.DiffOptions;
import kubeproxy.iptables.diff.Differ;
import kubeproxy.iptables.diff.Footprint;
import kubeproxy.iptables.diff.FullDiff;
import kubeproxy.iptables.diff.Installed;
import kubeproxy.iptables.diff.Proposal;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.diff.Totals;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// The `iptables` mode for one family: upstream's chains and rules, written by `iptables-restore`.
///
/// Everything it knows of the kernel is in [Installed], which changes only when the tool has
/// acknowledged. An input of several parts can fail half-way; then nothing is known for certain and
/// the next sync reads back first, whether it is asked to or not. Used by the sync thread only.
public final class IptablesDataplane implements Dataplane {
  private final IptablesPort port;
  private final CompileOptions options;
  private final Compilers compilers;
  private final DiffOptions diffOptions;
  private final Differ differ;
  private final CulpritSearch culprits = new CulpritSearch(this::trial);
  private final Installed installed = new Installed();

  /// Whether the kernel may hold other things than what was acknowledged.
  private boolean uncertain = true;

  private Map<String, Integer> lastWritten = Map.of();

  /// @param diffOptions those of the variant of the tools behind `port`
  public IptablesDataplane(IptablesPort port, CompileOptions options, DiffOptions diffOptions) {
    this.port = port;
    this.options = options;
    this.compilers = Compilers.of(options);
    this.diffOptions = diffOptions;
    this.differ = new Differ(compilers, diffOptions);
  }

  @Override
  public String name() {
    return "iptables";
  }

  @Override
  public IpFamily family() {
    return options.family();
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities =
        EnumSet.of(
            Capability.SOURCE_ADDRESS_PRESERVED,
            Capability.SHORT_CIRCUIT,
            Capability.AFFINITY_ENDS_IN_TIME,
            Capability.SCTP,
            Capability.STATE_OUTLIVES_PROCESS);
    if (options.localhostNodePorts()) {
      capabilities.add(Capability.LOCALHOST_NODE_PORTS);
    }
    return capabilities;
  }

  /// How much is installed; for metrics, on the sync thread.
  public Totals totals() {
    return installed.totals();
  }

  @Override
  public SyncOutcome sync(SyncRequest request) {
    boolean observe = request.observe() || uncertain || installed.settings() == null;
    return observe
        ? observeAndSync(request.plan(), request.setAside(), true)
        : syncChanges(request);
  }

  private SyncOutcome syncChanges(SyncRequest request) {
    Map<ObjectKey, @Nullable PlannedService> changed = new HashMap<>();
    for (ObjectKey key : request.delta().services()) {
      if (!request.setAside().contains(key)) {
        changed.put(key, request.plan().services().get(key));
      }
    }
    addSetAside(request.setAside(), changed);
    Proposal proposal =
        differ.changes(installed, new Desired(request.plan().settings(), changed), true);
    RestoreEnd end = commit(proposal);
    return switch (end) {
      case RestoreEnd.Restored() -> new SyncOutcome.Applied(proposal.input().operations(), 0);
      case RestoreEnd.Locked(String error) -> locked(error);
      case RestoreEnd.Unknown(String reason) -> new SyncOutcome.Indeterminate(reason);
      case RestoreEnd.Refused(int line, String error) -> {
        RestoreInput input = proposal.input();
        yield input.owner(line) != null && input.addsRule(line)
            ? rejected(List.of(refusal(input, line, error)))
            : new SyncOutcome.Indeterminate(surprise(input, line) + ": " + error);
      }
    };
  }

  /// What to make of a refusal that names no rule: the legacy variant names the COMMIT where
  /// the kernel refuses any.
  private static String surprise(RestoreInput input, int line) {
    String text = input.line(line);
    return text.isEmpty() || text.equals("COMMIT")
        ? "it is not said what was refused"
        : "what is installed is not what was: " + text;
  }

  private SyncOutcome observeAndSync(NodePlan plan, Set<ObjectKey> setAside, boolean search) {
    Map<ObjectKey, @Nullable PlannedService> services = all(plan, setAside);
    Desired desired = new Desired(plan.settings(), services);
    Removals removals;
    Removals possible = Removals.ALL;
    Proposal proposal;
    RestoreEnd end;
    int repaired = 0;
    do {
      removals = possible;
      SavedTables observed;
      try {
        // Again, if something could not be removed: parts before that were carried out.
        observed = port.observe();
      } catch (IOException e) {
        return new SyncOutcome.Indeterminate("cannot read back: " + e.getMessage());
      }
      proposal = diff(observed, desired, removals);
      if (removals.equals(Removals.ALL) && !proposal.input().isEmpty()) {
        repaired = repairs(observed);
      }
      end = commit(proposal);
      if (end instanceof RestoreEnd.Refused(int line, _)) {
        possible = removals.without(proposal.input().line(line));
      }
    } while (!possible.equals(removals));
    return switch (end) {
      case RestoreEnd.Restored() -> {
        sweep(plan.settings());
        yield new SyncOutcome.Applied(proposal.input().operations(), repaired);
      }
      case RestoreEnd.Locked(String error) -> locked(error);
      case RestoreEnd.Unknown(String reason) -> new SyncOutcome.Indeterminate(reason);
      case RestoreEnd.Refused(int line, String error) -> {
        Refusal refusal = refusal(proposal.input(), line, error);
        yield refusal.service() == null && search
            ? rejected(culprits.find(plan, setAside, proposal.input().owners(), refusal))
            : rejected(List.of(refusal));
      }
    };
  }

  /// One attempt to find out who is refused: everything but these Services.
  private boolean trial(NodePlan plan, Set<ObjectKey> setAside) {
    return observeAndSync(plan, setAside, false) instanceof SyncOutcome.Applied;
  }

  private Proposal diff(SavedTables observed, Desired desired, Removals removals) {
    DiffOptions options =
        removals.rules() ? diffOptions : new DiffOptions(diffOptions.chainsPerCommit(), 0);
    return FullDiff.between(compilers, options, observed, desired, removals.chains());
  }

  /// What of that which nobody needs is removed one by one.
  ///
  /// @param chains not if somebody else leads packets into one; they are emptied then
  /// @param rules not if somebody else's cannot be removed as it is printed; the chain that it is
  ///     in is written anew then
  private record Removals(boolean chains, boolean rules) {
    static final Removals ALL = new Removals(true, true);

    /// What is left to be tried after a line was refused.
    Removals without(String line) {
      return new Removals(chains && !line.startsWith("-X"), rules && !line.startsWith("-D"));
    }
  }

  /// All Services as desired; those set aside as they are installed.
  private Map<ObjectKey, @Nullable PlannedService> all(NodePlan plan, Set<ObjectKey> setAside) {
    Map<ObjectKey, @Nullable PlannedService> services = new HashMap<>();
    plan.services()
        .forEach((key, service) -> {
          if (!setAside.contains(key)) {
            services.put(key, service);
          }
        });
    addSetAside(setAside, services);
    return services;
  }

  private void addSetAside(
      Set<ObjectKey> setAside, Map<ObjectKey, @Nullable PlannedService> services) {
    if (setAside.isEmpty()) {
      return;
    }
    Yielding yielding = new Yielding(services.values());
    for (ObjectKey key : setAside) {
      services.put(key, yielding.rest(installed.service(key)));
    }
  }

  /// How much differs from what was acknowledged; 0 if it is not known what that is.
  private int repairs(SavedTables observed) {
    NodeSettings settings = installed.settings();
    if (uncertain || settings == null) {
      return 0;
    }
    // Chains that could not be removed are there, as they were left.
    Desired acknowledged = new Desired(settings, installed.services());
    return diff(observed, acknowledged, new Removals(false, true)).input().operations();
  }

  private RestoreEnd commit(Proposal proposal) {
    RestoreInput input = proposal.input();
    RestoreEnd end = input.isEmpty() ? new RestoreEnd.Restored() : port.restore(input);
    switch (end) {
      case RestoreEnd.Restored() -> {
        installed.accept(proposal);
        lastWritten = WrittenRules.in(input);
        uncertain = false;
      }
      case RestoreEnd.Locked _ -> {}
      case RestoreEnd.Refused(int line, _) -> uncertain |= input.commits() > 1 || line == 0;
      case RestoreEnd.Unknown _ -> uncertain = true;
    }
    return end;
  }

  private static SyncOutcome locked(String error) {
    return rejected(List.of(new Refusal(null, "iptables-restore", "EAGAIN", error)));
  }

  private static SyncOutcome rejected(List<Refusal> refusals) {
    return new SyncOutcome.Rejected(refusals);
  }

  private static Refusal refusal(RestoreInput input, int line, String error) {
    return new Refusal(input.owner(line), input.line(line), "EINVAL", error);
  }

  /// Failure does not matter: the chains are in nobody's way and are tried again next time.
  private void sweep(NodeSettings settings) {
    if (!installed.leftovers().isEmpty()) {
      Proposal sweep = differ.sweep(installed, settings);
      if (port.restore(sweep.input()) instanceof RestoreEnd.Restored) {
        installed.accept(sweep);
      }
    }
  }

  @Override
  public Map<String, Integer> objectCounts() {
    Totals totals = installed.totals();
    return Map.of(
        "chain",
        totals.chains(),
        "filter-rule",
        totals.filterRules(),
        "nat-rule",
        totals.natRules());
  }

  @Override
  public Map<String, Integer> lastWritten() {
    return lastWritten;
  }

  @Override
  public void cleanUp() {
    List<String> removed = new ArrayList<>();
    IptablesCleanup.remove(port, family(), diffOptions, Footprint.IPTABLES, removed)
        .ifPresent(failure -> {
          throw new IllegalStateException(failure.step() + ": " + failure.reason());
        });
  }

  @Override
  public void close() {}
}
