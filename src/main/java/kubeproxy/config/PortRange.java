package kubeproxy.config;

import java.util.OptionalInt;
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
    int separator = Math.max(value.indexOf('-'), value.indexOf('+'));
    if (separator < 0) {
      return between(value, value, value, false);
    }
    return between(
        value,
        value.substring(0, separator),
        value.substring(separator + 1),
        value.charAt(separator) == '+');
  }

  private static Parsed<PortRange> between(
      String text, String lower, String upper, boolean relative) {
    OptionalInt first = HostPort.parsePort(lower);
    OptionalInt second = HostPort.parsePort(upper);
    if (first.isEmpty() || second.isEmpty()) {
      return new Parsed.Invalid<>("unable to parse port range: " + text);
    }
    int low = first.getAsInt();
    int high = relative ? low + second.getAsInt() : second.getAsInt();
    if (high > MAX_PORT) {
      return new Parsed.Invalid<>(
          "the port range cannot be greater than " + MAX_PORT + ": " + text);
    }
    if (high < low) {
      return new Parsed.Invalid<>("end port cannot be less than start port: " + text);
    }
    return new Parsed.Valid<>(high == 0 ? ANY : new PortRange(low, high - low + 1));
  }

  @Override
  public String toString() {
    return size == 0 ? "" : first + "-" + (first + size - 1);
  }
}
