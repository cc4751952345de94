package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.iptables.compile.Compilers;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.compile.Layout.Place;
import kubeproxy.iptables.diff.SavedDispatch.Missing;
import kubeproxy.iptables.program.ByteText;
import kubeproxy.iptables.program.ChainNames;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.RuleText;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// Finds the changes that lead from what was read back to what is desired, so that whatever is
/// right already stays untouched, whoever wrote it: after a restart, after upstream kube-proxy, or
/// when somebody else changed our chains.
public final class FullDiff {
  private final Compilers compilers;
  private final IpFamily family;
  private final DiffOptions options;
  private final SavedTables observed;
  private final Desired desired;
  private final RuleText text;
  private final RestoreWriter writer;
  private final ByteText scratch = new ByteText();
  private final Map<ObjectKey, PlannedService> services = new TreeMap<>();
  private final boolean comments;

  /// The chains of table nat that a Service needs.
  private final Set<String> needed = new HashSet<>();

  private Totals totals = Totals.NONE;

  private FullDiff(
      Compilers compilers, DiffOptions options, SavedTables observed, Desired desired) {
    this.compilers = compilers;
    this.family = compilers.family();
    this.options = options;
    this.observed = observed;
    this.desired = desired;
    this.text = new RuleText(family);
    this.writer = new RestoreWriter(family, options.chainsPerCommit());
    int endpoints = 0;
    for (Map.Entry<ObjectKey, ? extends @Nullable PlannedService> entry :
        desired.services().entrySet()) {
      PlannedService service = entry.getValue();
      if (service != null) {
        services.put(entry.getKey(), service);
        endpoints += Compilers.endpoints(service);
      }
    }
    this.comments = endpoints <= DiffOptions.LARGE_CLUSTER_ENDPOINTS;
  }

  /// The changes.
  ///
  /// @param desired `services` holds all Services
  /// @param removeChains whether chains that nobody needs are removed at once; if not, they are
  ///     emptied and left over
  public static Proposal between(
      Compilers compilers,
      DiffOptions options,
      SavedTables observed,
      Desired desired,
      boolean removeChains) {
    return new FullDiff(compilers, options, observed, desired).diff(removeChains);
  }

  private Proposal diff(boolean removeChains) {
    Map<Place, Map<ObjectKey, List<Rule>>> dispatch = compileDispatch();
    for (Table table : Table.values()) {
      canaries(table);
      shared(table);
      nodeChains(table);
      if (table == Table.NAT) {
        services.forEach(this::serviceChains);
      }
      for (Place place : Layout.DISPATCH) {
        if (place.table() == table) {
          dispatch(place, dispatch.getOrDefault(place, Map.of()));
        }
      }
      jumps(table);
    }
    Set<String> leftovers = removeUnneeded(removeChains);
    return new Proposal(
        writer.finish(), true, services, desired.settings(), leftovers, Set.of(), totals);
  }

  private Map<Place, Map<ObjectKey, List<Rule>>> compileDispatch() {
    Map<Place, Map<ObjectKey, List<Rule>>> dispatch = new HashMap<>();
    services.forEach((key, service) -> {
      List<PlacedRule> rules = compilers.dispatch().compile(service);
      totals = totals.plus(Totals.of(rules, List.of(), 0));
      for (PlacedRule rule : rules) {
        dispatch
            .computeIfAbsent(new Place(rule.table(), rule.chain()), _ -> new TreeMap<>())
            .computeIfAbsent(key, _ -> new ArrayList<>())
            .add(rule.rule());
      }
    });
    return dispatch;
  }

  private void canaries(Table table) {
    for (Place canary : Layout.CANARIES) {
      if (canary.table() == table && observed.chain(table, canary.chain()) == null) {
        writer.declare(table, canary.chain());
      }
    }
  }

  /// Chains that others use too are made if they are missing, and never emptied.
  private void shared(Table table) {
    for (Place place : Layout.SHARED) {
      if (place.table() != table) {
        continue;
      }
      SavedChain saved = observed.chain(table, place.chain());
      if (saved == null) {
        writer.declare(table, place.chain());
      }
      for (PlacedRule rule : compilers.node().shared()) {
        if (rule.chain().equals(place.chain())) {
          totals = totals.plus(Totals.of(List.of(rule), List.of(), 0));
          if (!Entrances.hold(family, saved, rule.rule())) {
            writer.append(table, rule.chain(), rule.rule());
          }
        }
      }
    }
  }

  private void nodeChains(Table table) {
    for (ChainRules chain : compilers.node().chains()) {
      if (chain.table() == table) {
        count(chain);
        if (!isThere(chain)) {
          writer.replace(chain);
        }
      }
    }
  }

  private void count(ChainRules chain) {
    int rules = chain.rules().size();
    boolean filter = chain.table() == Table.FILTER;
    totals = totals.plus(new Totals(filter ? rules : 0, filter ? 0 : rules, 0, 0));
  }

  private boolean isThere(ChainRules chain) {
    SavedChain saved = observed.chain(chain.table(), chain.chain());
    if (saved == null || saved.rules() != chain.rules().size()) {
      return false;
    }
    scratch.truncate(0);
    chain.rules().forEach(rule -> text.write(scratch, "-A ", chain.chain(), rule));
    return saved.reads(scratch) || meansTheSame(saved, chain.rules());
  }

  private boolean meansTheSame(SavedChain saved, List<Rule> rules) {
    List<String> lines = saved.lines();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      Optional<RuleParser.Placed> parsed = RuleParser.parse(family, lines.get(i));
      if (parsed.isEmpty() || !sameButForComments(parsed.get().rule(), rule)) {
        return false;
      }
    }
    return true;
  }

  /// Comments do nothing, and whether there are any depends on how large the cluster was when the
  /// rule was written.
  private static boolean sameButForComments(Rule left, Rule right) {
    return left.equals(right) || left.withoutComments().equals(right.withoutComments());
  }

  private void serviceChains(ObjectKey key, PlannedService service) {
    writer.owner(key);
    totals = totals.plus(new Totals(0, 0, 0, Compilers.endpoints(service)));
    compilers
        .chains()
        .compile(
            service,
            desired.settings(),
            comments,
            chain -> {
              needed.add(chain.chain());
              totals = totals.plus(new Totals(0, chain.rules().size(), 1, 0));
              if (!isThere(chain)) {
                writer.replace(chain);
              }
            });
    writer.owner(null);
  }

  private void dispatch(Place place, Map<ObjectKey, List<Rule>> rules) {
    boolean hasTail = place.table() == Table.NAT && place.chain().equals(Chains.SERVICES);
    List<Rule> tail = hasTail ? compilers.node().tail(desired.settings()) : List.of();
    totals = totals.plus(new Totals(0, tail.size(), 0, 0));
    SavedChain saved = observed.chain(place.table(), place.chain());
    if (saved == null || !patch(place, rules, tail, saved)) {
      rewrite(place, rules, tail);
    }
    writer.owner(null);
  }

  /// Corrects a chain rule by rule, unless too much is wrong with it.
  private boolean patch(
      Place place, Map<ObjectKey, List<Rule>> rules, List<Rule> tail, SavedChain saved) {
    SavedDispatch compared = new SavedDispatch(family, text, saved);
    compared.wantTail(saved, tail);
    rules.forEach((key, own) -> own.forEach(rule -> compared.want(key, rule)));
    compared.matchByMeaning();
    List<String> surplus = compared.surplus();
    boolean untold = surplus.stream().anyMatch(line -> line.endsWith(" " + SavedTables.UNTOLD));
    if (!compared.tailRight() || untold || surplus.size() > options.removalsByRule()) {
      return false;
    }
    writer.owner(null);
    surplus.forEach(line -> writer.removePrinted(place.table(), line));
    for (Missing missing : compared.missing().reversed()) {
      writer.owner(missing.owner());
      writer.insert(place.table(), place.chain(), missing.rule());
    }
    return true;
  }

  private void rewrite(Place place, Map<ObjectKey, List<Rule>> rules, List<Rule> tail) {
    writer.owner(null);
    writer.declare(place.table(), place.chain());
    rules.forEach((key, own) -> {
      writer.owner(key);
      own.forEach(rule -> writer.append(place.table(), place.chain(), rule));
    });
    writer.owner(null);
    tail.forEach(rule -> writer.append(place.table(), place.chain(), rule));
  }

  private void jumps(Table table) {
    writer.owner(null);
    Entrances.jumps()
        .filter(jump -> jump.table() == table)
        .forEach(jump -> {
          SavedChain from = observed.chain(table, jump.chain());
          if (!Entrances.hold(family, from, jump.rule())) {
            writer.insert(table, jump.chain(), jump.rule());
          }
        });
  }

  private Set<String> removeUnneeded(boolean removeChains) {
    Set<String> unneeded = new TreeSet<>();
    for (String chain : observed.chains(Table.NAT).keySet()) {
      if (ChainNames.isOfService(chain) && !needed.contains(chain)) {
        unneeded.add(chain);
      }
    }
    writer.owner(null);
    if (removeChains) {
      writer.remove(Table.NAT, unneeded);
    } else {
      unneeded.stream()
          .filter(chain -> !isEmpty(chain))
          .forEach(chain -> writer.declare(Table.NAT, chain));
    }
    return removeChains ? Set.of() : unneeded;
  }

  private boolean isEmpty(String chain) {
    SavedChain saved = observed.chain(Table.NAT, chain);
    return saved != null && saved.rules() == 0;
  }
}
