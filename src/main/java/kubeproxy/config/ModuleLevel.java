package kubeproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.text.GoQuote;

/// The log level of some source files, one item of `--vmodule`.
///
/// @param pattern name of a source file without folder and ending, in which `*`, `?` and `[...]`
///     stand for other letters
/// @param level 0 to 2^31-1
public record ModuleLevel(String pattern, int level) {

  /// Reads `pattern=N,pattern=N`; empty items do not count.
  static Parsed<List<ModuleLevel>> parse(String text) {
    List<ModuleLevel> levels = new ArrayList<>();
    for (String item : text.split(",")) {
      if (item.isEmpty()) {
        continue;
      }
      int equals = item.indexOf('=');
      if (equals <= 0 || equals == item.length() - 1 || equals != item.lastIndexOf('=')) {
        return new Parsed.Invalid<>(GoQuote.quote(item) + " does not have the pattern=N format");
      }
      switch (GoNumbers.parseLevel(item.substring(equals + 1))) {
        case Parsed.Valid<Integer>(Integer level) ->
            levels.add(new ModuleLevel(item.substring(0, equals), level));
        case Parsed.Invalid<Integer>(String reason) -> {
          return new Parsed.Invalid<>(
              "parsing verbosity in " + GoQuote.quote(item) + ": " + reason);
        }
      }
    }
    return new Parsed.Valid<>(List.copyOf(levels));
  }

  static String format(List<ModuleLevel> levels) {
    return levels.stream().map(ModuleLevel::toString).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return pattern + "=" + level;
  }
}
