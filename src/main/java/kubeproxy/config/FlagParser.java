package kubeproxy.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.text.GoQuote;

/// Reads arguments by a table of flags, with the syntax and the error texts of the Go library
/// `pflag`, which Kubernetes components use.
///
/// `--name=value`, `--name value`, `--switch`; `-x`, `-x value`, `-xvalue`, `-x=value`, `-abc`.
/// Arguments that are no flags may stand anywhere; after `--` everything is one. Reading stops at
/// the first error.
public final class FlagParser {
  private final FlagTable table;
  private final FlagValues.Builder values;
  private final List<String> arguments;
  private final List<String> positionals = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private int next;

  private FlagParser(FlagTable table, List<String> arguments) {
    this.table = table;
    this.values = new FlagValues.Builder(table);
    this.arguments = arguments;
  }

  /// How parsing ended.
  public sealed interface Result {

    /// Well.
    ///
    /// @param positionals arguments that are no flags, in order
    /// @param notices lines for the user about flags that should no longer be used
    record Parsed(FlagValues values, List<String> positionals, List<String> notices)
        implements Result {
      public Parsed {
        positionals = List.copyOf(positionals);
        notices = List.copyOf(notices);
      }
    }

    /// With an error.
    ///
    /// @param message the text after `Error: `
    /// @param suggestion the flag that was perhaps meant, as `--name`; empty if none is near
    /// @param notices lines for the user about flags before the error
    record Failed(String message, String suggestion, List<String> notices) implements Result {
      public Failed {
        notices = List.copyOf(notices);
      }
    }
  }

  /// Reads all arguments.
  public static Result parse(FlagTable table, List<String> arguments) {
    return new FlagParser(table, List.copyOf(arguments)).run();
  }

  private Result run() {
    while (next < arguments.size()) {
      String argument = arguments.get(next++);
      if (argument.equals("--")) {
        positionals.addAll(arguments.subList(next, arguments.size()));
        break;
      }
      Optional<Result.Failed> failure = read(argument);
      if (failure.isPresent()) {
        return failure.get();
      }
    }
    return new Result.Parsed(values.build(), positionals, notices);
  }

  private Optional<Result.Failed> read(String argument) {
    if (argument.startsWith("--")) {
      return readLong(argument);
    }
    if (argument.startsWith("-") && argument.length() > 1) {
      return readShort(argument.substring(1));
    }
    positionals.add(argument);
    return Optional.empty();
  }

  private Optional<Result.Failed> readLong(String argument) {
    String body = argument.substring(2);
    if (body.startsWith("-") || body.startsWith("=")) {
      return failed("bad flag syntax: " + argument);
    }
    int equals = body.indexOf('=');
    String name = equals < 0 ? body : body.substring(0, equals);
    Optional<Flag<?>> flag = table.find(name);
    if (flag.isEmpty()) {
      String suggestion = NearestName.of(name, table).map(near -> "--" + near).orElse("");
      return failed("unknown flag: --" + name, suggestion);
    }
    if (equals >= 0) {
      return set(flag.get(), body.substring(equals + 1));
    }
    String bareValue = flag.get().type().bareValue();
    if (!bareValue.isEmpty()) {
      return set(flag.get(), bareValue);
    }
    if (next == arguments.size()) {
      return failed("flag needs an argument: --" + name);
    }
    return set(flag.get(), arguments.get(next++));
  }

  /// Reads letters that follow a single dash: switches, and at the end perhaps a flag with a value.
  private Optional<Result.Failed> readShort(String letters) {
    String rest = letters;
    while (!rest.isEmpty()) {
      Optional<Flag<?>> flag = table.findShort(rest.charAt(0));
      if (flag.isEmpty()) {
        return failed("unknown shorthand flag: " + quotedLetter(rest) + " in -" + rest);
      }
      String bareValue = flag.get().type().bareValue();
      boolean assigned = rest.length() > 2 && rest.charAt(1) == '=';
      if (assigned || bareValue.isEmpty()) {
        return readShortValue(flag.get(), rest, assigned);
      }
      Optional<Result.Failed> failure = set(flag.get(), bareValue);
      if (failure.isPresent()) {
        return failure;
      }
      rest = rest.substring(1);
    }
    return Optional.empty();
  }

  /// The library takes letters for single bytes.
  private static String quotedLetter(String letters) {
    char first = (char) Byte.toUnsignedInt(letters.getBytes(StandardCharsets.UTF_8)[0]);
    return first == '\'' ? "'\\''" : "'" + unquoted(first) + "'";
  }

  private static String unquoted(char letter) {
    String quoted = GoQuote.quote(String.valueOf(letter));
    return letter == '"' ? "\"" : quoted.substring(1, quoted.length() - 1);
  }

  private Optional<Result.Failed> readShortValue(Flag<?> flag, String rest, boolean assigned) {
    if (rest.length() > 1) {
      return set(flag, rest.substring(assigned ? 2 : 1));
    }
    if (next == arguments.size()) {
      return failed("flag needs an argument: " + quotedLetter(rest) + " in -" + rest);
    }
    return set(flag, arguments.get(next++));
  }

  private <T> Optional<Result.Failed> set(Flag<T> flag, String text) {
    switch (flag.type().parse(text, values.get(flag), values.given(flag))) {
      case Parsed.Valid<T>(T value) -> values.set(flag, value);
      case Parsed.Invalid<T>(String reason) -> {
        return failed(
            "invalid argument "
                + GoQuote.quote(text)
                + " for "
                + GoQuote.quote(flag.display())
                + " flag: "
                + reason);
      }
    }
    if (!flag.text().deprecated().isEmpty()) {
      notices.add("Flag --" + flag.name() + " has been deprecated, " + flag.text().deprecated());
    }
    return Optional.empty();
  }

  private Optional<Result.Failed> failed(String message) {
    return failed(message, "");
  }

  private Optional<Result.Failed> failed(String message, String suggestion) {
    return Optional.of(new Result.Failed(message, suggestion, notices));
  }
}
