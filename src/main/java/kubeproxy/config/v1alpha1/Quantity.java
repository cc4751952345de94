package kubeproxy.config.v1alpha1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as Kubernetes writes quantities: `512`, `64k`, `1Ki`.
///
/// @param value the number; parts of a byte are rounded up, what is too large is the largest long
/// @param binary whether it is written with powers of 1024
public record Quantity(long value, boolean binary) {
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))([numkMGTPE]?|[KMGTPE]i|[eE][+-]?[0-9]{1,3})");
  private static final List<String> DECIMAL = List.of("", "k", "M", "G", "T", "P", "E");
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final String BELOW_ONE = "mun";
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  /// Nothing.
  public static final Quantity ZERO = new Quantity(0, false);

  /// Reads a quantity.
  public static Optional<Quantity> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String suffix = matcher.group(2);
    BigDecimal exact = new BigDecimal(matcher.group(1)).multiply(scale(suffix));
    BigInteger value = exact.setScale(0, RoundingMode.UP).toBigInteger();
    BigInteger bounded = value.min(LARGEST).max(LARGEST.negate());
    return Optional.of(new Quantity(bounded.longValueExact(), suffix.endsWith("i")));
  }

  private static BigDecimal scale(String suffix) {
    if (suffix.endsWith("i")) {
      return new BigDecimal(BigInteger.valueOf(1024).pow(BINARY.indexOf(suffix)));
    }
    int thousands = DECIMAL.indexOf(suffix);
    if (thousands >= 0) {
      return BigDecimal.ONE.scaleByPowerOfTen(3 * thousands);
    }
    int belowOne = BELOW_ONE.indexOf(suffix);
    return BigDecimal.ONE.scaleByPowerOfTen(
        belowOne >= 0 ? -3 * (belowOne + 1) : Integer.parseInt(suffix.substring(1)));
  }

  /// With the largest suffix that keeps the number whole.
  @Override
  public String toString() {
    long base = binary ? 1024 : 1000;
    long number = value;
    int power = 0;
    while (number != 0 && number % base == 0) {
      number /= base;
      power++;
    }
    return number + (binary ? BINARY : DECIMAL).get(power);
  }
}
