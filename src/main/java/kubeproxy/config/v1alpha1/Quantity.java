package kubeproxy.config.v1alpha1;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount as the Kubernetes API spells it: `512`, `1k`, `1500m`, `2Ki`, `1.5Gi`, `12e6`.
///
/// @param value exact, to at most nine decimal places
/// @param notation which kind of suffix it was given with, and is written with
public record Quantity(BigDecimal value, Notation notation) {
  private static final int MAX_DECIMALS = 9;
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");

  // A number, perhaps without digits, and what looks like a suffix.
  private static final Pattern FORM =
      Pattern.compile("([+-]?)([0-9]*(?:\\.[0-9]*)?)([eEinumkKMGTP]*[-+]?[0-9]*)");
  private static final String WRONG_FORM =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  private static final String WRONG_SUFFIX = "unable to parse quantity's suffix";

  /// Nothing.
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Notation.DECIMAL);

  /// A kind of suffix.
  public enum Notation {
    /// Powers of 1000: `k`, `M`.
    DECIMAL,
    /// Powers of 1024: `Ki`, `Mi`.
    BINARY,
    /// `e3`.
    EXPONENT
  }

  /// What a text turned out to be.
  public sealed interface Parsed {

    /// A quantity.
    record Valid(Quantity quantity) implements Parsed {}

    /// None.
    ///
    /// @param reason why, in the words of Kubernetes
    record Invalid(String reason) implements Parsed {}
  }

  /// Reads one.
  public static Parsed parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.isEmpty() || !form.matches()) {
      return new Parsed.Invalid(WRONG_FORM);
    }
    // Digits may be missing, which counts as zero.
    BigDecimal number = new BigDecimal("0" + form.group(2) + (hasPoint(form) ? "0" : ""));
    BigDecimal signed = form.group(1).equals("-") ? number.negate() : number;
    String suffix = form.group(3);
    int binary = BINARY.indexOf(suffix);
    if (binary > 0) {
      BigDecimal value = rounded(signed.multiply(KIBI.pow(binary)));
      return new Parsed.Valid(new Quantity(value.min(MAX), Notation.BINARY));
    }
    int decimal = DECIMAL.indexOf(suffix);
    if (decimal >= 0) {
      BigDecimal value = rounded(signed.scaleByPowerOfTen(3 * decimal - MAX_DECIMALS));
      return new Parsed.Valid(new Quantity(value, Notation.DECIMAL));
    }
    return exponent(signed, suffix);
  }

  private static boolean hasPoint(Matcher form) {
    return form.group(2).indexOf('.') >= 0;
  }

  private static Parsed exponent(BigDecimal number, String suffix) {
    if (!suffix.matches("[eE][-+]?[0-9]{1,4}")) {
      return new Parsed.Invalid(WRONG_SUFFIX);
    }
    int exponent = Integer.parseInt(suffix.substring(1));
    BigDecimal value = rounded(number.scaleByPowerOfTen(exponent));
    return new Parsed.Valid(new Quantity(value, Notation.EXPONENT));
  }

  /// What is too small to be told is more than nothing.
  private static BigDecimal rounded(BigDecimal value) {
    return value.scale() > MAX_DECIMALS ? value.setScale(MAX_DECIMALS, RoundingMode.UP) : value;
  }

  /// The next whole number, at most 2^63-1 in magnitude.
  public long wholeValue() {
    if (value.compareTo(MAX) >= 0) {
      return Long.MAX_VALUE;
    }
    if (value.compareTo(MAX.negate()) <= 0) {
      return -Long.MAX_VALUE;
    }
    return value.setScale(0, RoundingMode.UP).longValueExact();
  }

  /// The shortest spelling without a fraction.
  @Override
  public String toString() {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal plain = value.stripTrailingZeros();
    boolean binary =
        notation == Notation.BINARY && plain.scale() <= 0 && plain.abs().compareTo(KIBI) >= 0;
    return binary ? binaryText(plain) : decimalText(plain);
  }

  private static String binaryText(BigDecimal whole) {
    BigDecimal mantissa = whole;
    int power = 0;
    while (power < BINARY.size() - 1 && mantissa.remainder(KIBI).signum() == 0) {
      mantissa = mantissa.divideToIntegralValue(KIBI);
      power++;
    }
    return mantissa.toPlainString() + BINARY.get(power);
  }

  private String decimalText(BigDecimal stripped) {
    int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
    if (notation != Notation.EXPONENT) {
      exponent = Math.min(exponent, 3 * (DECIMAL.size() - 1) - MAX_DECIMALS);
    }
    String mantissa = stripped.scaleByPowerOfTen(-exponent).toPlainString();
    if (notation == Notation.EXPONENT) {
      return exponent == 0 ? mantissa : mantissa + "e" + exponent;
    }
    return mantissa + DECIMAL.get((exponent + MAX_DECIMALS) / 3);
  }
}
