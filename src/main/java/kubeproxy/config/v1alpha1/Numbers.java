package kubeproxy.config.v1alpha1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/// Numbers as YAML writes them: with a prefix for the base, where a leading `0` alone means octal,
/// and with underscores.
final class Numbers {
  /// More than any number that is asked for; a bound on the work that an exponent can ask for.
  private static final int MAX_EXPONENT = 400;

  private Numbers() {}

  /// The exact value; empty for what is no finite number of a reasonable size.
  static Optional<BigDecimal> exact(String text) {
    String plain = text.replace("_", "").toLowerCase(Locale.ROOT);
    boolean signed = plain.startsWith("-") || plain.startsWith("+");
    String digits = plain.substring(signed ? 1 : 0);
    try {
      BigDecimal magnitude = magnitude(digits);
      if (Math.abs((long) magnitude.scale()) > MAX_EXPONENT) {
        return Optional.empty();
      }
      return Optional.of(plain.startsWith("-") ? magnitude.negate() : magnitude);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static BigDecimal magnitude(String digits) {
    if (digits.startsWith("0x")) {
      return new BigDecimal(new BigInteger(digits.substring(2), 16));
    }
    if (digits.startsWith("0b")) {
      return new BigDecimal(new BigInteger(digits.substring(2), 2));
    }
    if (digits.startsWith("0o")) {
      return new BigDecimal(new BigInteger(digits.substring(2), 8));
    }
    boolean octal = digits.length() > 1 && digits.matches("0[0-7]+");
    return octal ? new BigDecimal(new BigInteger(digits, 8)) : new BigDecimal(digits);
  }

  /// The value if it is whole.
  static Optional<BigInteger> whole(String text) {
    return exact(text)
        .filter(value -> value.stripTrailingZeros().scale() <= 0)
        .map(BigDecimal::toBigIntegerExact);
  }
}
