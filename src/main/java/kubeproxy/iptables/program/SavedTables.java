package kubeproxy.iptables.program;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `iptables-save` printed of the tables we have chains in, taken apart into chains but no
/// further: the text of most is as we wrote it and only has to be compared. Immutable.
public final class SavedTables {
  /// What stands for a rule that cannot be told as text: no rule reads so.
  public static final String UNTOLD = "?";

  /// No chain in any table.
  public static final SavedTables NOTHING = new SavedTables(new byte[0], Map.of());

  private final byte[] text;
  private final Map<Table, Map<String, SavedChain>> tables;

  private SavedTables(byte[] text, Map<Table, Map<String, SavedChain>> tables) {
    this.text = text;
    this.tables = tables;
  }

  /// A chain as it was printed.
  public final class SavedChain {
    private final String name;
    private final boolean builtIn;
    private int from;
    private int to;
    private int rules;

    private SavedChain(String name, boolean builtIn) {
      this.name = name;
      this.builtIn = builtIn;
    }

    /// The name.
    public String name() {
      return name;
    }

    /// Whether it is one of the table itself.
    public boolean builtIn() {
      return builtIn;
    }

    /// Number of rules.
    public int rules() {
      return rules;
    }

    /// Whether the text of its rules is exactly this.
    public boolean reads(ByteText expected) {
      return expected.equalsRange(text, from, to);
    }

    /// Its rules, a line each, in order.
    public List<String> lines() {
      List<String> lines = new ArrayList<>(rules);
      for (int at = from; at < to; at = lineEnd(text, at) + 1) {
        lines.add(string(text, at, Math.min(lineEnd(text, at), to)));
      }
      return lines;
    }
  }

  /// Takes apart what `iptables-save` printed. Tables we have no chains in are passed over.
  ///
  /// @param printed belongs to the result from now on
  /// @return null if it is not whole
  public static @Nullable SavedTables parse(byte[] printed) {
    SavedTables saved = new SavedTables(printed, new HashMap<>());
    return saved.read() ? saved : null;
  }

  private boolean read() {
    boolean open = false;
    Map<String, SavedChain> chains = null;
    SavedChain last = null;
    for (int at = 0; at < text.length; ) {
      int end = lineEnd(text, at);
      switch (text[at]) {
        case '*' -> {
          open = true;
          chains = begin(string(text, at + 1, end));
          last = null;
        }
        case 'C' -> open = false;
        case ':' -> {
          if (chains != null) {
            SavedChain chain = declared(at, end);
            chains.put(chain.name, chain);
          }
        }
        case '-' -> {
          // others' comments may have several lines
          if (chains != null && isRule(at)) {
            last = place(chains, last, at, end);
            if (last == null) {
              return false;
            }
          }
        }
        default -> {}
      }
      at = end + 1;
    }
    return !open;
  }

  private boolean isRule(int at) {
    return at + 2 < text.length && text[at + 1] == 'A' && text[at + 2] == ' ';
  }

  private @Nullable Map<String, SavedChain> begin(String name) {
    for (Table table : Table.values()) {
      if (table.text().equals(name)) {
        return tables.computeIfAbsent(table, _ -> new HashMap<>());
      }
    }
    return null;
  }

  private SavedChain declared(int at, int end) {
    int space = indexOf(' ', at, end);
    String name = string(text, at + 1, space);
    return new SavedChain(name, space + 1 < end && text[space + 1] != '-');
  }

  /// Adds a rule to its chain; those of one chain stand together.
  ///
  /// @return the chain, or null if it was not declared or its rules are scattered
  private @Nullable SavedChain place(
      Map<String, SavedChain> chains, @Nullable SavedChain last, int at, int end) {
    int nameAt = indexOf(' ', at, end) + 1;
    int nameEnd = indexOf(' ', nameAt, end);
    SavedChain chain = last;
    if (chain == null || !isName(chain.name, nameAt, nameEnd)) {
      chain = chains.get(string(text, nameAt, nameEnd));
      if (chain == null || chain.rules > 0) {
        return null;
      }
      chain.from = at;
    }
    chain.to = Math.min(end + 1, text.length);
    chain.rules++;
    return chain;
  }

  private boolean isName(String name, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }

  private int indexOf(char character, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text[i] == character) {
        return i;
      }
    }
    return end;
  }

  private static int lineEnd(byte[] text, int from) {
    int end = from;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  private static String string(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }

  /// The chains of a table by name.
  public Map<String, SavedChain> chains(Table table) {
    return tables.getOrDefault(table, Map.of());
  }

  /// A chain, or null if there is none.
  public @Nullable SavedChain chain(Table table, String name) {
    return chains(table).get(name);
  }
}
