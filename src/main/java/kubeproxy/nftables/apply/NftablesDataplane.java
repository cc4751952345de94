package kubeproxy.nftables.apply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.nftables.apply.NftablesPort.CommitResult;
import kubeproxy.nftables.apply.NftablesPort.RefusedOperation;
import kubeproxy.nftables.compile.ChainCompiler;
import kubeproxy.nftables.compile.FragmentCompiler;
import kubeproxy.nftables.diff.Desired;
import kubeproxy.nftables.diff.Differ;
import kubeproxy.nftables.diff.FullDiff;
import kubeproxy.nftables.diff.Installed;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Proposal;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.diff.Yielding;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.ShapeChain;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// The `nftables` mode for one family: a plan in a fixed handful of maps, written by netlink.
///
/// Everything it knows of the kernel is in [Installed], which changes only when the kernel has
/// acknowledged. Used by the sync thread only.
public final class NftablesDataplane implements Dataplane {
  private final NftablesPort port;
  private final IpFamily family;
  private final FragmentCompiler fragmentCompiler;
  private final ChainCompiler chainCompiler;
  private final AffinitySweep affinity;
  private final Installed installed = new Installed();

  /// Whether the kernel may hold a transaction that it has not acknowledged.
  private boolean uncertain;

  private @Nullable NodeSettings settings;
  private List<ChainRules> chains = List.of();
  private Fragment node = Fragment.EMPTY;

  /// The rules of shape chains under these settings, as far as they were asked for.
  private final Map<ShapeChain, List<Rule>> shapeRules = new HashMap<>();

  /// @param port belongs to this data plane from now on
  /// @param masqueradeMark the one bit of the packet mark that asks for masquerading
  public NftablesDataplane(NftablesPort port, IpFamily family, int masqueradeMark) {
    this.port = port;
    this.family = family;
    this.fragmentCompiler = new FragmentCompiler(family);
    this.chainCompiler = new ChainCompiler(family, masqueradeMark);
    this.affinity = new AffinitySweep(port, family);
  }

  @Override
  public String name() {
    return "nftables";
  }

  @Override
  public IpFamily family() {
    return family;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.SOURCE_ADDRESS_PRESERVED,
        Capability.CLUSTER_IP_GUARD,
        Capability.SHORT_CIRCUIT,
        Capability.AFFINITY_ENDS_IN_TIME,
        Capability.SCTP,
        Capability.STATE_OUTLIVES_PROCESS);
  }

  /// What the kernel last acknowledged; for metrics, on the sync thread.
  public Installed installed() {
    return installed;
  }

  @Override
  public SyncOutcome sync(SyncRequest request) {
    compileChains(request.plan().settings());
    return request.observe() ? observeAndSync(request) : syncChanges(request);
  }

  private void compileChains(NodeSettings desired) {
    if (!desired.equals(settings)) {
      settings = desired;
      chains = chainCompiler.chains(desired);
      node = chainCompiler.node(desired);
      shapeRules.clear();
    }
  }

  private SyncOutcome syncChanges(SyncRequest request) {
    Map<ObjectKey, @Nullable Fragment> changed = new HashMap<>();
    for (ObjectKey service : request.delta().services()) {
      if (!request.setAside().contains(service)) {
        changed.put(service, fragment(request.plan(), service));
      }
    }
    addSetAside(request, changed);
    Proposal proposal = Differ.changes(installed, desired(request.plan(), changed));
    return commit(proposal, false, 0);
  }

  private SyncOutcome observeAndSync(SyncRequest request) {
    Observed observed;
    try {
      observed = port.observe();
    } catch (IOException e) {
      return new SyncOutcome.Indeterminate("cannot read the table back: " + e.getMessage());
    }
    Proposal proposal = FullDiff.between(observed, desired(request.plan(), all(request)));
    int repaired = proposal.transaction().isEmpty() ? 0 : repairs(observed);
    SyncOutcome outcome = commit(proposal, true, repaired);
    if (outcome instanceof SyncOutcome.Applied) {
      sweepChains(request.plan());
    }
    return outcome;
  }

  /// All fragments as desired; those of Services set aside as they are installed.
  private Map<ObjectKey, @Nullable Fragment> all(SyncRequest request) {
    Map<ObjectKey, @Nullable Fragment> fragments = new HashMap<>();
    request
        .plan()
        .services()
        .forEach((key, service) -> {
          if (!request.setAside().contains(key)) {
            fragments.put(key, fragmentCompiler.compile(service));
          }
        });
    addSetAside(request, fragments);
    return fragments;
  }

  private void addSetAside(SyncRequest request, Map<ObjectKey, @Nullable Fragment> fragments) {
    if (request.setAside().isEmpty()) {
      return;
    }
    Yielding yielding = new Yielding(fragments.values());
    for (ObjectKey service : request.setAside()) {
      fragments.put(service, yielding.rest(installed.fragment(service)));
    }
  }

  private @Nullable Fragment fragment(NodePlan plan, ObjectKey key) {
    PlannedService service = plan.services().get(key);
    return service == null ? null : fragmentCompiler.compile(service);
  }

  private Desired desired(NodePlan plan, Map<ObjectKey, @Nullable Fragment> fragments) {
    NodeSettings current = plan.settings();
    return new Desired(
        family,
        chains,
        node,
        shape -> shapeRules.computeIfAbsent(shape, absent -> chainCompiler.rules(current, absent)),
        fragments);
  }

  /// How much differs from what the kernel has acknowledged; 0 if it is not known what that is.
  private int repairs(Observed observed) {
    if (installed.chains().isEmpty() || uncertain) {
      return 0;
    }
    Desired acknowledged =
        new Desired(
            family,
            installed.chains(),
            installed.node(),
            shape -> Objects.requireNonNull(installed.shapes().get(shape)),
            installed.fragments());
    return FullDiff.between(observed, acknowledged).transaction().operations().size();
  }

  private SyncOutcome commit(Proposal proposal, boolean observed, int repaired) {
    Transaction transaction = proposal.transaction();
    CommitResult result =
        transaction.isEmpty() ? new CommitResult.Committed() : port.commit(transaction);
    return switch (result) {
      case CommitResult.Committed() -> {
        installed.accept(proposal);
        uncertain = false;
        affinity.afterCommit(transaction, installed, observed);
        yield new SyncOutcome.Applied(transaction.operations().size(), repaired);
      }
      case CommitResult.Unknown(String reason) -> {
        uncertain = true;
        yield new SyncOutcome.Indeterminate(reason);
      }
      case CommitResult.Refused(List<RefusedOperation> errors) -> refused(errors, observed);
    };
  }

  /// An error that contradicts what we believe the table to be is a reason to look; if we have just
  /// looked, it is a refusal.
  private SyncOutcome refused(List<RefusedOperation> errors, boolean observed) {
    if (!observed && errors.stream().anyMatch(RefusedOperation::beliefWrong)) {
      RefusedOperation first =
          errors.stream().filter(RefusedOperation::beliefWrong).findFirst().orElseThrow();
      return new SyncOutcome.Indeterminate(
          "the table is not what was installed: "
              + OperationText.of(family, first.operation())
              + ": "
              + first.error());
    }
    return new SyncOutcome.Rejected(
        errors.stream()
            .map(error ->
                new Refusal(
                    error.operation().owner(),
                    OperationText.of(family, error.operation()),
                    error.error(),
                    error.detail()))
            .toList());
  }

  /// Failure does not matter: the chains are in nobody's way and are tried again next time.
  private void sweepChains(NodePlan plan) {
    Proposal sweep = Differ.sweep(installed, desired(plan, Map.of()));
    if (!sweep.transaction().isEmpty()
        && port.commit(sweep.transaction()) instanceof CommitResult.Committed) {
      installed.accept(sweep);
    }
  }

  /// The types are `table`, `chain`, `map`, `element`.
  @Override
  public Map<String, Integer> objectCounts() {
    int elements = Stream.of(NamedSet.values()).mapToInt(installed::count).sum();
    boolean exists = !installed.chains().isEmpty();
    return Map.of(
        "table",
        exists ? 1 : 0,
        "chain",
        installed.chainCount(),
        "map",
        exists ? NamedSet.values().length : 0,
        "element",
        elements);
  }

  @Override
  public void cleanUp() {
    try {
      if (port.observe().exists()) {
        port.commit(new Transaction(family, List.of(new Operation.DeleteTable())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove table kube-proxy", e);
    }
  }

  @Override
  public void close() {
    port.close();
  }
}
