package kubeproxy.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.text.GoQuote;

/// Numbers of 32 bits with a fraction, as Go's `strconv` reads and writes them.
final class GoFloat {
  private static final String DIGITS = "[0-9](?:_?[0-9])*";
  private static final String HEX_DIGITS = "[0-9a-fA-F](?:_?[0-9a-fA-F])*";
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:%1$s(?:\\.(?:%1$s)?)?|\\.%1$s)(?:[eE][+-]?%1$s)?".formatted(DIGITS));
  private static final Pattern HEX =
      Pattern.compile(
          "[+-]?0[xX](?:_?%1$s(?:\\.(?:%1$s)?)?|\\.%1$s)[pP][+-]?%2$s"
              .formatted(HEX_DIGITS, DIGITS));
  private static final Pattern INFINITY = Pattern.compile("([+-]?)inf(?:inity)?");
  // From where on an exponent is written.
  private static final int LARGE = 6;

  private GoFloat() {}

  static Parsed<Float> parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals("nan")) {
      return new Parsed.Valid<>(Float.NaN);
    }
    if (INFINITY.matcher(lower).matches()) {
      return new Parsed.Valid<>(
          lower.startsWith("-") ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY);
    }
    if (!DECIMAL.matcher(text).matches() && !HEX.matcher(text).matches()) {
      return invalid(text, "invalid syntax");
    }
    float value = Float.parseFloat(text.replace("_", ""));
    return Float.isInfinite(value)
        ? invalid(text, "value out of range")
        : new Parsed.Valid<>(value);
  }

  private static Parsed<Float> invalid(String text, String reason) {
    return new Parsed.Invalid<>(
        "strconv.ParseFloat: parsing " + GoQuote.quote(text) + ": " + reason);
  }

  /// The fewest digits that read back as the same number; with an exponent below 1e-4 and from
  /// 1e+06.
  static String format(float value) {
    if (Float.isNaN(value)) {
      return "NaN";
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    BigDecimal exact = new BigDecimal(Float.toString(value)).stripTrailingZeros();
    if (exact.signum() == 0) {
      return Float.floatToRawIntBits(value) < 0 ? "-0" : "0";
    }
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= -4 && exponent < LARGE) {
      return exact.toPlainString();
    }
    String mantissa = exact.scaleByPowerOfTen(-exponent).toPlainString();
    return mantissa
        + "e"
        + (exponent < 0 ? '-' : '+')
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
