package kubeproxy.config;

import java.util.Optional;

/// Finds the flag that someone who mistyped a name probably meant.
final class NearestName {
  /// One edit for every so many letters: more, and the suggestion is a guess that misleads.
  private static final int LETTERS_PER_EDIT = 4;

  private NearestName() {}

  /// The visible flag whose name takes the fewest edits, if these are few for its length. Of
  /// several the first by name.
  static Optional<String> of(String typed, FlagTable table) {
    String name = typed.replace('_', '-');
    Optional<String> nearest = Optional.empty();
    int fewest = name.length() / LETTERS_PER_EDIT + 1;
    for (Flag<?> flag : table.byName()) {
      int edits = edits(name, flag.name());
      if (!flag.text().hidden() && edits < fewest) {
        fewest = edits;
        nearest = Optional.of(flag.name());
      }
    }
    return nearest;
  }

  /// How many letters must be inserted, removed, replaced or swapped with their neighbour.
  static int edits(String from, String to) {
    int[][] table = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        table[i][j] = i == 0 || j == 0 ? i + j : fewest(table, from, to, i, j);
      }
    }
    return table[from.length()][to.length()];
  }

  private static int fewest(int[][] table, String from, String to, int i, int j) {
    int replaced = table[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(best, table[i - 2][j - 2] + 1) : best;
  }
}
