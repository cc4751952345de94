package kubeproxy.config;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All flags of a command, in the order of the help text.
public record FlagTable(List<Flag<?>> flags) {

  /// A table without two flags of one name.
  public FlagTable {
    flags = List.copyOf(flags);
    Set<String> names = new HashSet<>();
    for (Flag<?> flag : flags) {
      if (!names.add(flag.name()) || (flag.shorthand() != 0 && !names.add(shortName(flag)))) {
        throw new IllegalArgumentException("two flags named " + flag.display());
      }
    }
  }

  private static String shortName(Flag<?> flag) {
    return "-" + flag.shorthand();
  }

  /// Whether the flag is one of the table.
  boolean contains(Flag<?> flag) {
    return flags.contains(flag);
  }

  /// The flag of that long name, in which `_` counts as `-`.
  Optional<Flag<?>> find(String name) {
    String normal = name.replace('_', '-');
    return flags.stream().filter(flag -> flag.name().equals(normal)).findFirst();
  }

  /// The flag of that one-letter name.
  Optional<Flag<?>> findShort(char letter) {
    return flags.stream().filter(flag -> flag.shorthand() == letter).findFirst();
  }

  /// The flags sorted by name.
  List<Flag<?>> byName() {
    Comparator<Flag<?>> order = Comparator.comparing(Flag::name);
    return flags.stream().sorted(order).toList();
  }
}
