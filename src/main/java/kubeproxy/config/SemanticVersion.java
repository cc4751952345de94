package kubeproxy.config;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.text.GoQuote;

/// Version numbers like `v1.36.2-rc.1+build`, judged as Kubernetes does and in its words.
final class SemanticVersion {
  private static final Pattern PARTS = Pattern.compile("\\s*v?([0-9]+(?:\\.[0-9]+)*)(.*)");
  private static final Pattern EXTRA =
      Pattern.compile(
          "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?"
              + "(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?\\s*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final BigInteger MAX = BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

  private SemanticVersion() {}

  /// What is wrong with it; empty if nothing is.
  static String problemOf(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      return "could not parse " + GoQuote.quote(text) + " as version";
    }
    List<String> numbers = List.of(parts.group(1).split("\\."));
    if (numbers.size() != 3) {
      return "illegal version string " + GoQuote.quote(text);
    }
    for (String number : numbers) {
      String problem = problemOf(number, text);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return problemOfExtra(parts.group(2), text);
  }

  private static String problemOf(String number, String text) {
    if (zeroPrefixed(number)) {
      return zeroPrefix(number, text);
    }
    return switch (GoNumbers.parseUnsigned(number, MAX)) {
      case Parsed.Valid<BigInteger> _ -> "";
      case Parsed.Invalid<BigInteger>(String reason) ->
          "illegal non-numeric version component "
              + GoQuote.quote(number)
              + " in "
              + GoQuote.quote(text)
              + ": "
              + reason;
    };
  }

  private static String problemOfExtra(String extra, String text) {
    Matcher parts = EXTRA.matcher(extra);
    if (!parts.matches()) {
      return "could not parse pre-release/metadata ("
          + extra
          + ") in version "
          + GoQuote.quote(text);
    }
    String preRelease = parts.group(1);
    List<String> components = preRelease == null ? List.of() : List.of(preRelease.split("\\."));
    return components.stream()
        .filter(component -> NUMBER.matcher(component).matches() && zeroPrefixed(component))
        .findFirst()
        .map(component -> zeroPrefix(component, text))
        .orElse("");
  }

  private static boolean zeroPrefixed(String number) {
    return number.startsWith("0") && number.length() > 1;
  }

  private static String zeroPrefix(String component, String text) {
    return "illegal zero-prefixed version component "
        + GoQuote.quote(component)
        + " in "
        + GoQuote.quote(text);
  }
}
