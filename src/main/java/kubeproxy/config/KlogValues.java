package kubeproxy.config;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import kubeproxy.config.FlagType.Parsed;

/// Values of the flags of Kubernetes' logging library klog, which are read by Go's own flag library
/// and answer mistakes in its words.
final class KlogValues {
  private static final List<String> SEVERITIES = List.of("INFO", "WARNING", "ERROR", "FATAL");
  private static final BigInteger MAX_UINT64 =
      BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);
  private static final String SYNTAX = "parse error";
  private static final String LOCATION_SYNTAX = "syntax error: expect file.go:234";

  private KlogValues() {}

  static Parsed<Boolean> parseBool(String text) {
    return switch (GoNumbers.parseBool(text)) {
      case Parsed.Valid<Boolean> valid -> valid;
      case Parsed.Invalid<Boolean> _ -> new Parsed.Invalid<>(SYNTAX);
    };
  }

  /// Up to 2^64-1, which a `long` holds unsigned.
  static Parsed<Long> parseUint64(String text) {
    return switch (GoNumbers.parseUnsigned(text, MAX_UINT64)) {
      case Parsed.Valid<BigInteger>(BigInteger value) -> new Parsed.Valid<>(value.longValue());
      case Parsed.Invalid<BigInteger>(String reason) ->
          new Parsed.Invalid<>(
              reason.endsWith("value out of range") ? "value out of range" : SYNTAX);
    };
  }

  /// A name, in any case, or its number.
  static Parsed<Integer> parseSeverity(String text) {
    int named = SEVERITIES.indexOf(text.toUpperCase(Locale.ROOT));
    return named >= 0 ? new Parsed.Valid<>(named) : GoNumbers.parseDecimalInt32(text);
  }

  /// `file.go:234`, or empty for none, which is written `:0`.
  static Parsed<String> parseLocation(String text) {
    if (text.isEmpty()) {
      return new Parsed.Valid<>(":0");
    }
    int colon = text.indexOf(':');
    if (colon < 0 || colon != text.lastIndexOf(':') || text.lastIndexOf('.', colon) < 0) {
      return new Parsed.Invalid<>(LOCATION_SYNTAX);
    }
    return switch (GoNumbers.parseDecimalInt32(text.substring(colon + 1))) {
      case Parsed.Invalid<Integer> _ -> new Parsed.Invalid<>(LOCATION_SYNTAX);
      case Parsed.Valid<Integer>(Integer line) ->
          line > 0
              ? new Parsed.Valid<>(text.substring(0, colon) + ":" + line)
              : new Parsed.Invalid<>("negative or zero value for level");
    };
  }
}
