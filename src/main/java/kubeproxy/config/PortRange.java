package kubeproxy.config;

import kubeproxy.config.FlagType.Parsed;

/// Consecutive ports.
///
/// @param first 0 if any port will do
/// @param size how many; 0 if any port will do
public record PortRange(int first, int size) {
  private static final int MAX_PORT = 65535;

  /// Any port.
  public static final PortRange ANY = new PortRange(0, 0);

  /// Reads `` (empty), `0`, `N`, `A-B` (both included) or `A+offset` (`A` to `A+offset`).
  static Parsed<PortRange> parse(String text) {
    String value = text.strip();
    if (value.isEmpty()) {
      return new Parsed.Valid<>(ANY);
    }
    int hyphen = value.indexOf('-');
    int plus = value.indexOf('+');
    if (hyphen >= 0 && plus >= 0) {
      return new Parsed.Invalid<>("unable to parse port range: " + value);
    }
    int separator = Math.max(hyphen, plus);
    return separator < 0
        ? between(value, value, value, false)
        : between(value, value.substring(0, separator), value.substring(separator + 1), plus >= 0);
  }

  private static Parsed<PortRange> between(
      String text, String lower, String upper, boolean relative) {
    return switch (GoNumbers.parseDecimalLong("Atoi", lower)) {
      case Parsed.Invalid<Long>(String reason) -> new Parsed.Invalid<>(reason);
      case Parsed.Valid<Long>(Long low) ->
          switch (GoNumbers.parseDecimalLong("Atoi", upper)) {
            case Parsed.Invalid<Long>(String reason) -> new Parsed.Invalid<>(reason);
            case Parsed.Valid<Long>(Long high) -> between(text, low, relative ? low + high : high);
          };
    };
  }

  private static Parsed<PortRange> between(String text, long low, long high) {
    if (low > MAX_PORT || high > MAX_PORT) {
      return new Parsed.Invalid<>(
          "the port range cannot be greater than " + MAX_PORT + ": " + text);
    }
    if (high < low) {
      return new Parsed.Invalid<>("end port cannot be less than start port: " + text);
    }
    return new Parsed.Valid<>(high == 0 ? ANY : new PortRange((int) low, (int) (high - low + 1)));
  }

  @Override
  public String toString() {
    return size == 0 ? "" : first + "-" + (first + size - 1);
  }
}
