package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import kubeproxy.iptables.compile.Layout.Place;
import kubeproxy.iptables.program.PlacedRule;
import kubeproxy.iptables.program.RuleParser;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.IpFamily;

/// Removes what proxies leave in the tables: chains and the jumps into them.
public final class Removal {
  private final IpFamily family;
  private final DiffOptions options;
  private final List<Place> chains = new ArrayList<>();
  private final List<Jump> jumps = new ArrayList<>();

  private record Jump(Table table, String line) {}

  private Removal(IpFamily family, DiffOptions options) {
    this.family = family;
    this.options = options;
  }

  /// What is to be removed of what was read back.
  ///
  /// @param options how the inputs are to be laid out
  /// @param footprint what there may be
  public static Removal of(
      IpFamily family, DiffOptions options, SavedTables saved, Footprint footprint) {
    Removal removal = new Removal(family, options);
    for (Table table : Table.values()) {
      for (String chain : new TreeSet<>(saved.chains(table).keySet())) {
        if (footprint.covers(table, chain)) {
          removal.chains.add(new Place(table, chain));
        }
      }
    }
    for (PlacedRule jump : footprint.jumps()) {
      SavedChain from = saved.chain(jump.table(), jump.chain());
      if (from != null) {
        from.lines().stream()
            .filter(line ->
                RuleParser.parse(family, line)
                    .filter(parsed -> parsed.rule().equals(jump.rule()))
                    .isPresent())
            .forEach(line -> removal.jumps.add(new Jump(jump.table(), line)));
      }
    }
    return removal;
  }

  /// Whether there is nothing to remove.
  public boolean isEmpty() {
    return chains.isEmpty() && jumps.isEmpty();
  }

  /// The names of the chains.
  public List<String> chainNames() {
    return chains.stream().map(Place::chain).toList();
  }

  /// The same, but for a chain that cannot be removed.
  public Removal withoutChain(String chain) {
    Removal rest = new Removal(family, options);
    rest.jumps.addAll(jumps);
    chains.stream().filter(each -> !each.chain().equals(chain)).forEach(rest.chains::add);
    return rest;
  }

  /// Removes the jumps and empties the chains.
  public RestoreInput ofRules() {
    RestoreWriter writer = new RestoreWriter(family, options.chainsPerCommit());
    for (Table table : Table.values()) {
      for (Jump jump : jumps) {
        if (jump.table() == table) {
          writer.removePrinted(table, jump.line());
        }
      }
      for (Place chain : chains) {
        if (chain.table() == table) {
          writer.declare(table, chain.chain());
        }
      }
    }
    return writer.finish();
  }

  /// Removes the chains, which are empty by now.
  public RestoreInput ofChains() {
    RestoreWriter writer = new RestoreWriter(family, options.chainsPerCommit());
    for (Table table : Table.values()) {
      writer.remove(
          table,
          chains.stream().filter(chain -> chain.table() == table).map(Place::chain).toList());
    }
    return writer.finish();
  }
}
