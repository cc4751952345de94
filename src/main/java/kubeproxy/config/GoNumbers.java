package kubeproxy.config;

import java.math.BigInteger;
import java.util.Locale;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.text.GoQuote;

/// Booleans and numbers as Go's `strconv` reads them, with its error texts.
final class GoNumbers {
  private static final BigInteger MAX_LEVEL = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MAX_INT32 = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MIN_INT32 = BigInteger.valueOf(Integer.MIN_VALUE);

  private GoNumbers() {}

  static Parsed<Boolean> parseBool(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> new Parsed.Valid<>(true);
      case "0", "f", "F", "false", "FALSE", "False" -> new Parsed.Valid<>(false);
      default -> invalid("ParseBool", text, "invalid syntax");
    };
  }

  /// Signed, with a prefix for the base (a leading `0` alone means octal), and underscores between
  /// digits.
  static Parsed<Integer> parseInt32(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    Parsed<BigInteger> magnitude = parseMagnitude("ParseInt", text, text.substring(signed ? 1 : 0));
    return switch (magnitude) {
      case Parsed.Invalid<BigInteger>(String reason) -> new Parsed.Invalid<>(reason);
      case Parsed.Valid<BigInteger>(BigInteger value) ->
          inInt32(text, text.startsWith("-") ? value.negate() : value);
    };
  }

  /// Signed, decimal digits only.
  static Parsed<Integer> parseDecimalInt32(String text) {
    return switch (parseDecimalLong("ParseInt", text)) {
      case Parsed.Invalid<Long>(String reason) -> new Parsed.Invalid<>(reason);
      case Parsed.Valid<Long>(Long value) -> inInt32(text, BigInteger.valueOf(value));
    };
  }

  /// Signed, decimal digits only.
  ///
  /// @param function the name that error messages give
  static Parsed<Long> parseDecimalLong(String function, String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = text.substring(signed ? 1 : 0);
    if (digits.indexOf('_') >= 0 || !isNumber(digits, 10, false)) {
      return invalid(function, text, "invalid syntax");
    }
    BigInteger magnitude = new BigInteger(digits);
    BigInteger value = text.startsWith("-") ? magnitude.negate() : magnitude;
    return value.bitLength() < Long.SIZE
        ? new Parsed.Valid<>(value.longValue())
        : invalid(function, text, "value out of range");
  }

  private static Parsed<Integer> inInt32(String text, BigInteger value) {
    return value.compareTo(MIN_INT32) < 0 || value.compareTo(MAX_INT32) > 0
        ? invalid("ParseInt", text, "value out of range")
        : new Parsed.Valid<>(value.intValueExact());
  }

  /// Without a sign, with a prefix for the base, and underscores between digits.
  static Parsed<BigInteger> parseUnsigned(String text, BigInteger max) {
    return switch (parseMagnitude("ParseUint", text, text)) {
      case Parsed.Invalid<BigInteger> invalid -> invalid;
      case Parsed.Valid<BigInteger> valid ->
          valid.value().compareTo(max) > 0
              ? invalid("ParseUint", text, "value out of range")
              : valid;
    };
  }

  private static Parsed<BigInteger> parseMagnitude(String function, String text, String unsigned) {
    String digits = unsigned.toLowerCase(Locale.ROOT);
    int base = baseOf(digits);
    boolean prefixed = base != 10;
    String plain = digits.substring(prefixed ? prefixLength(digits) : 0);
    return isNumber(plain, base, prefixed)
        ? new Parsed.Valid<>(new BigInteger(plain.replace("_", ""), base))
        : invalid(function, text, "invalid syntax");
  }

  /// Decimal digits only.
  static Parsed<Integer> parseLevel(String text) {
    if (text.indexOf('_') >= 0 || !isNumber(text, 10, false)) {
      return invalid("ParseUint", text, "invalid syntax");
    }
    BigInteger value = new BigInteger(text);
    if (value.compareTo(MAX_LEVEL) > 0) {
      return invalid("ParseUint", text, "value out of range");
    }
    return new Parsed.Valid<>(value.intValueExact());
  }

  private static int baseOf(String digits) {
    if (digits.length() < 2 || digits.charAt(0) != '0') {
      return 10;
    }
    return switch (digits.charAt(1)) {
      case 'x' -> 16;
      case 'b' -> 2;
      default -> 8;
    };
  }

  private static int prefixLength(String digits) {
    return "xbo".indexOf(digits.charAt(1)) >= 0 ? 2 : 1;
  }

  /// Whether these are digits of that base, with single underscores between them; after a prefix
  /// one may come first.
  private static boolean isNumber(String digits, int base, boolean prefixed) {
    boolean digitBefore = prefixed;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c == '_') {
        if (!digitBefore) {
          return false;
        }
        digitBefore = false;
      } else if (c < 0x80 && Character.digit(c, base) >= 0) {
        digitBefore = true;
      } else {
        return false;
      }
    }
    return digitBefore && !digits.isEmpty();
  }

  private static <T> Parsed<T> invalid(String function, String text, String reason) {
    return new Parsed.Invalid<>(
        "strconv." + function + ": parsing " + GoQuote.quote(text) + ": " + reason);
  }
}
