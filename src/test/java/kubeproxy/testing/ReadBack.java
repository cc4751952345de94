package kubeproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import kubeproxy.iptables.apply.NfTablesReader;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.SavedTables.SavedChain;
import kubeproxy.iptables.program.Table;

/// What is read from nf_tables against what `iptables-nft-save` prints.
public final class ReadBack {

  private ReadBack() {}

  /// Fails unless both say the same of all chains with rules of ours.
  ///
  /// @param printed by the tool
  public static void expectSame(NfTablesReader.Reading read, String printed) {
    SavedTables saved = SavedTables.parse(printed.getBytes(StandardCharsets.UTF_8));
    List<String> expected = lines(Objects.requireNonNull(saved));
    List<String> wrong = new ArrayList<>(lines(read.tables()));
    wrong.removeAll(expected);
    assertThat(wrong).as("what was read, of\n%s", printed).isEmpty();
    assertThat(lines(read.tables())).isEqualTo(expected);
    assertThat(read.understood()).isTrue();
  }

  /// The chains in which there are rules of ours, and their rules.
  private static List<String> lines(SavedTables tables) {
    List<String> lines = new ArrayList<>();
    for (Table table : Table.values()) {
      for (String name : new TreeSet<>(tables.chains(table).keySet())) {
        SavedChain chain = Objects.requireNonNull(tables.chain(table, name));
        // the tool also prints those that it would make when they are needed
        boolean hasRules = chain.builtIn() && chain.rules() > 0;
        if (hasRules
            || Layout.isOurs(table, name)
            || Layout.SHARED.contains(new Layout.Place(table, name))) {
          lines.add(table.text() + " " + name + (chain.builtIn() ? " of the table" : ""));
          lines.addAll(chain.lines());
        }
      }
    }
    return lines;
  }
}
