package kubeproxy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kubeproxy.text.GoQuote;

/// The values of all flags after parsing: as given, or the default.
public final class FlagValues {

  /// The user and the password in an URL, which nobody is to read in a log or on a page.
  private static final Pattern USER_OF_URL = Pattern.compile("://[^/@\\s]*@");

  private final FlagTable table;
  private final Map<Flag<?>, Object> values;
  private final Set<Flag<?>> given;

  private FlagValues(FlagTable table, Map<Flag<?>, Object> values, Set<Flag<?>> given) {
    this.table = table;
    this.values = Map.copyOf(values);
    this.given = Set.copyOf(given);
  }

  /// The value.
  public <T> T get(Flag<T> flag) {
    if (!table.contains(flag)) {
      throw new IllegalArgumentException("not in the table: " + flag.name());
    }
    // Only set(), which takes a flag and a value of its type, fills the map.
    @SuppressWarnings("unchecked")
    T value = (T) values.getOrDefault(flag, flag.defaultValue());
    return value;
  }

  /// Whether the flag was given, be it with its default.
  public boolean given(Flag<?> flag) {
    return given.contains(flag);
  }

  /// A flag that was given and changes nothing.
  ///
  /// @param name with dashes
  /// @param reason why, as a clause
  public record WithoutEffect(String name, String reason) {
    @Override
    public String toString() {
      return name + " has no effect: " + reason;
    }
  }

  /// The flags that were given and change nothing, sorted by name.
  ///
  /// @param mode the mode in force, by the name that `--proxy-mode` takes; empty if it is not known
  ///   yet
  /// @param configFile whether there is a configuration file
  public List<WithoutEffect> withoutEffect(String mode, boolean configFile) {
    List<WithoutEffect> found = new ArrayList<>();
    for (Flag<?> flag : table.byName()) {
      String reason = given(flag) ? reasonOf(flag.effect(), mode, configFile) : "";
      if (!reason.isEmpty()) {
        found.add(new WithoutEffect("--" + flag.name(), reason));
      }
    }
    return found;
  }

  private static String reasonOf(Flag.Effect effect, String mode, boolean configFile) {
    if (!effect.none().isEmpty()) {
      return effect.none();
    }
    if (configFile && !effect.besidesFile()) {
      return "the configuration file counts instead";
    }
    if (!mode.isEmpty() && !effect.modes().isEmpty() && !effect.modes().contains(mode)) {
      String modes = effect.modes().stream().sorted().collect(Collectors.joining(", "));
      return "it is for " + modes + ", and the mode is " + mode;
    }
    return "";
  }

  /// One line for each flag, sorted by name, as Kubernetes components log them when they start:
  /// `FLAG: --name="value"`.
  public List<String> describe() {
    return table.byName().stream()
        .map(flag -> "FLAG: --" + flag.name() + "=" + GoQuote.quote(text(flag)))
        .toList();
  }

  /// The values of all flags by name, as one would write them.
  public SortedMap<String, String> texts() {
    SortedMap<String, String> texts = new TreeMap<>();
    table.byName().forEach(flag -> texts.put(flag.name(), text(flag)));
    return texts;
  }

  private <T> String text(Flag<T> flag) {
    return USER_OF_URL.matcher(flag.type().format(get(flag))).replaceAll("://xxxxx@");
  }

  /// Values while the command line is being read.
  static final class Builder {
    private final FlagTable table;
    private final Map<Flag<?>, Object> values = new HashMap<>();
    private final Set<Flag<?>> given = new HashSet<>();

    Builder(FlagTable table) {
      this.table = table;
    }

    <T> T get(Flag<T> flag) {
      @SuppressWarnings("unchecked")
      T value = (T) values.getOrDefault(flag, flag.defaultValue());
      return value;
    }

    boolean given(Flag<?> flag) {
      return given.contains(flag);
    }

    <T> void set(Flag<T> flag, T value) {
      values.put(flag, value);
      given.add(flag);
    }

    FlagValues build() {
      return new FlagValues(table, values, given);
    }
  }
}
