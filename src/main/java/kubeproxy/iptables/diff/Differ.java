package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.compile.Layout.Place;
import kubeproxy.iptables.diff.DispatchChanges.Change;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// Finds the changes that lead from what is installed to what is desired. Costs what changes,
/// however much is installed, unless so much changes that a dispatch chain is written anew.
public final class Differ {
  private static final Place NAT_SERVICES = new Place(Table.NAT, Chains.SERVICES);

  private final Compilers compilers;
  private final DiffOptions options;

  public Differ(Compilers compilers, DiffOptions options) {
    this.compilers = compilers;
    this.options = options;
  }

  /// The changes for some Services and, if they differ, the node's settings.
  ///
  /// @param installed something was installed already
  /// @param desired `services` holds those that changed
  /// @param removeChains whether chains that go are removed at once; if not, they are emptied and
  ///     left over, which nobody can refuse
  public Proposal changes(Installed installed, Desired desired, boolean removeChains) {
    return new Draft(installed, desired, removeChains).proposal();
  }

  /// Removes the chains that were left over. An input of its own: it is refused if anybody leads
  /// packets into one of them.
  public Proposal sweep(Installed installed, NodeSettings settings) {
    RestoreWriter writer = new RestoreWriter(compilers.family(), options.chainsPerCommit());
    writer.remove(Table.NAT, installed.leftovers());
    Set<String> gone = Set.copyOf(installed.leftovers());
    return new Proposal(
        writer.finish(), false, Map.of(), settings, Set.of(), gone, installed.totals());
  }

  private final class Draft {
    private final Installed installed;
    private final Desired desired;
    private final boolean removeChains;
    private final boolean settingsDiffer;
    private final Map<ObjectKey, @Nullable PlannedService> changed = new TreeMap<>();
    private final RestoreWriter writer =
        new RestoreWriter(compilers.family(), options.chainsPerCommit());
    private final DispatchChanges dispatch = new DispatchChanges();
    private final List<Runnable> chainWrites = new ArrayList<>();
    private final Set<String> gone = new TreeSet<>();
    private final Set<String> revived = new TreeSet<>();
    private Totals totals;

    Draft(Installed installed, Desired desired, boolean removeChains) {
      this.installed = installed;
      this.desired = desired;
      this.removeChains = removeChains;
      this.settingsDiffer = !desired.settings().equals(installed.settings());
      this.totals = installed.totals();
      if (settingsDiffer) {
        changed.putAll(installed.services());
        int tails = tail(desired.settings()).size() - tail(installed.settings()).size();
        totals = totals.plus(new Totals(0, tails, 0, 0));
      }
      changed.putAll(desired.services());
    }

    Proposal proposal() {
      boolean comments = endpointsAfter() <= DiffOptions.LARGE_CLUSTER_ENDPOINTS;
      changed.forEach((key, service) -> compare(key, service, comments));
      for (Place place : Layout.DISPATCH) {
        if (place.table() == Table.FILTER) {
          dispatch(place);
        }
      }
      chainWrites.forEach(Runnable::run);
      for (Place place : Layout.DISPATCH) {
        if (place.table() == Table.NAT) {
          dispatch(place);
        }
      }
      Set<String> leftovers = removeGone();
      return new Proposal(
          writer.finish(), false, changed, desired.settings(), leftovers, revived, totals);
    }

    private int endpointsAfter() {
      int endpoints = installed.totals().endpoints();
      for (Map.Entry<ObjectKey, ? extends @Nullable PlannedService> change :
          desired.services().entrySet()) {
        PlannedService before = installed.service(change.getKey());
        PlannedService after = change.getValue();
        endpoints -= before == null ? 0 : Compilers.endpoints(before);
        endpoints += after == null ? 0 : Compilers.endpoints(after);
      }
      return endpoints;
    }

    private void compare(ObjectKey key, @Nullable PlannedService service, boolean comments) {
      PlannedService installedService = installed.service(key);
      if (!settingsDiffer && service != null && service.equals(installedService)) {
        return;
      }
      CompiledService before =
          CompiledService.of(compilers, installedService, installed.settings(), comments);
      CompiledService after = CompiledService.of(compilers, service, desired.settings(), comments);
      totals = totals.minus(before.totals()).plus(after.totals());
      dispatch.add(key, before.dispatch(), after.dispatch());
      Map<String, ChainRules> old = before.chainsByName();
      for (ChainRules chain : after.chains()) {
        if (!chain.equals(old.remove(chain.chain()))) {
          chainWrites.add(() -> {
            writer.owner(key);
            writer.replace(chain);
          });
        }
        if (installed.leftovers().contains(chain.chain())) {
          revived.add(chain.chain());
        }
      }
      gone.addAll(old.keySet());
    }

    private void dispatch(Place place) {
      List<Change> removals = dispatch.removals(place);
      List<Change> additions = dispatch.additions(place);
      if (removals.size() > options.removalsByRule()) {
        rewrite(place);
        return;
      }
      for (Change change : removals) {
        writer.owner(change.owner());
        writer.remove(place.table(), place.chain(), change.rule());
      }
      for (Change change : additions.reversed()) {
        writer.owner(change.owner());
        writer.insert(place.table(), place.chain(), change.rule());
      }
      if (place.equals(NAT_SERVICES) && settingsDiffer) {
        replaceTail(place);
      }
    }

    private void replaceTail(Place place) {
      List<Rule> old = tail(installed.settings());
      List<Rule> tail = tail(desired.settings());
      if (!old.equals(tail)) {
        writer.owner(null);
        old.forEach(rule -> writer.remove(place.table(), place.chain(), rule));
        tail.forEach(rule -> writer.append(place.table(), place.chain(), rule));
      }
    }

    private List<Rule> tail(@Nullable NodeSettings settings) {
      return settings == null ? List.of() : compilers.node().tail(settings);
    }

    private void rewrite(Place place) {
      Map<ObjectKey, @Nullable PlannedService> all = new TreeMap<>(installed.services());
      all.putAll(changed);
      writer.owner(null);
      writer.declare(place.table(), place.chain());
      all.forEach((key, service) -> {
        if (service != null) {
          writer.owner(key);
          for (PlacedRule rule : compilers.dispatch().compile(service)) {
            if (rule.table() == place.table() && rule.chain().equals(place.chain())) {
              writer.append(rule.table(), rule.chain(), rule.rule());
            }
          }
        }
      });
      writer.owner(null);
      if (place.equals(NAT_SERVICES)) {
        tail(desired.settings()).forEach(rule -> writer.append(place.table(), place.chain(), rule));
      }
    }

    private Set<String> removeGone() {
      writer.owner(null);
      if (removeChains) {
        writer.remove(Table.NAT, gone);
      } else {
        gone.forEach(chain -> writer.declare(Table.NAT, chain));
      }
      return removeChains ? Set.of() : gone;
    }
  }
}
