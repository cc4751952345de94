package kubeproxy.iptables.diff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kubeproxy.iptables.program.ByteText;
import kubeproxy.iptables.program.ChainRules;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleText;
import kubeproxy.iptables.program.Table;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Writes an input for `iptables-restore`, in the order of the calls: nothing may be referred to
/// before it is declared, or removed while it is referred to.
public final class RestoreWriter {
  private final RuleText rules;
  private final int chainsPerCommit;
  private final ByteText text = new ByteText();
  private final IntStream.Builder firstLines = IntStream.builder();
  private final List<Optional<ObjectKey>> owners = new ArrayList<>();
  private int lines;
  private int commits;
  private int operations;

  private @Nullable Table open;
  private int chainsInCommit;
  private Optional<ObjectKey> owner = Optional.empty();

  /// @param chainsPerCommit after how many chains a table is continued in another part
  public RestoreWriter(IpFamily family, int chainsPerCommit) {
    this.rules = new RuleText(family);
    this.chainsPerCommit = chainsPerCommit;
  }

  /// For whom the lines are that follow.
  public void owner(@Nullable ObjectKey service) {
    owner = Optional.ofNullable(service);
  }

  private void beginLine(Optional<ObjectKey> whose) {
    lines++;
    if (owners.isEmpty() || !owners.getLast().equals(whose)) {
      firstLines.add(lines);
      owners.add(whose);
    }
  }

  private void open(Table table) {
    if (open != table) {
      commit();
      beginLine(Optional.empty());
      text.add('*').add(table.text()).add('\n');
      open = table;
    }
  }

  private void commit() {
    if (open != null) {
      beginLine(Optional.empty());
      text.add("COMMIT\n");
      commits++;
      open = null;
      chainsInCommit = 0;
    }
  }

  /// Opens a table for another chain.
  private void openFor(Table table) {
    if (chainsInCommit >= chainsPerCommit) {
      commit();
    }
    open(table);
    chainsInCommit++;
  }

  /// Makes a chain, or empties it.
  public void declare(Table table, String chain) {
    openFor(table);
    beginLine(owner);
    operations++;
    text.add(':').add(chain).add(" - [0:0]\n");
  }

  /// Makes a chain hold just these rules.
  public void replace(ChainRules chain) {
    declare(chain.table(), chain.chain());
    chain.rules().forEach(rule -> append(chain.table(), chain.chain(), rule));
  }

  /// Adds a rule at the end of a chain.
  public void append(Table table, String chain, Rule rule) {
    rule(table, "-A ", chain, rule);
  }

  /// Adds a rule on top of a chain.
  public void insert(Table table, String chain, Rule rule) {
    rule(table, "-I ", chain, rule);
  }

  /// Removes a rule.
  public void remove(Table table, String chain, Rule rule) {
    rule(table, "-D ", chain, rule);
  }

  private void rule(Table table, String command, String chain, Rule rule) {
    open(table);
    beginLine(owner);
    operations++;
    rules.write(text, command, chain, rule);
  }

  /// Removes a rule that was printed so.
  ///
  /// @param line begins with `-A `
  public void removePrinted(Table table, String line) {
    open(table);
    beginLine(owner);
    operations++;
    text.add("-D ").add(line.substring(3)).add('\n');
  }

  /// Empties chains and removes them; nothing but each other refers to them.
  public void remove(Table table, Collection<String> chains) {
    chains.forEach(chain -> declare(table, chain));
    for (String chain : chains) {
      openFor(table);
      beginLine(owner);
      text.add("-X ").add(chain).add('\n');
    }
  }

  /// The input. Nothing is written after that.
  public RestoreInput finish() {
    commit();
    return new RestoreInput(
        text.toBytes(), commits, operations, firstLines.build().toArray(), owners);
  }
}
