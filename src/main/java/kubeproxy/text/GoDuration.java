package kubeproxy.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;

/// Durations as Go writes and reads them: `250ms`, `1m30s`, `24h0m0s`.
///
/// The range is that of a signed 64-bit number of nanoseconds, about 292 years.
public final class GoDuration {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private GoDuration() {}

  /// What a text turned out to be.
  public sealed interface Parsed {

    /// A duration.
    record Valid(Duration duration) implements Parsed {}

    /// None.
    ///
    /// @param reason why, in the words of Go's `time.ParseDuration`
    record Invalid(String reason) implements Parsed {}
  }

  /// Reads a sequence of decimal numbers, each with a unit (`ns`, `us`, `µs`, `ms`, `s`, `m`, `h`),
  /// with an optional sign in front. A lone `0` needs no unit.
  public static Parsed parse(String text) {
    return new Reader(text).read();
  }

  /// The text form: zero is `0s`, below a second the largest fitting unit, otherwise hours, minutes
  /// and seconds without leading zero units.
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    // The magnitude of the smallest long is right only as an unsigned number.
    long magnitude = nanos < 0 ? -nanos : nanos;
    String sign = nanos < 0 ? "-" : "";
    if (Long.compareUnsigned(magnitude, NANOS_PER_SECOND) < 0) {
      return sign + belowSecond(magnitude);
    }
    long seconds = Long.divideUnsigned(magnitude, NANOS_PER_SECOND);
    long fraction = Long.remainderUnsigned(magnitude, NANOS_PER_SECOND);
    StringBuilder text = new StringBuilder(sign);
    long minutes = seconds / 60;
    if (minutes > 0) {
      if (minutes >= 60) {
        text.append(minutes / 60).append('h');
      }
      text.append(minutes % 60).append('m');
    }
    appendDecimal(text, seconds % 60, fraction, 9);
    return text.append('s').toString();
  }

  private static String belowSecond(long nanos) {
    StringBuilder text = new StringBuilder();
    if (nanos < 1_000) {
      return text.append(nanos).append("ns").toString();
    }
    if (nanos < 1_000_000) {
      appendDecimal(text, nanos / 1_000, nanos % 1_000, 3);
      return text.append("µs").toString();
    }
    appendDecimal(text, nanos / 1_000_000, nanos % 1_000_000, 6);
    return text.append("ms").toString();
  }

  private static void appendDecimal(StringBuilder text, long whole, long fraction, int digits) {
    text.append(whole);
    if (fraction == 0) {
      return;
    }
    String padded = Long.toString(fraction);
    text.append('.').repeat('0', digits - padded.length()).append(padded);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    text.setLength(end);
  }

  /// One pass over one text.
  private static final class Reader {
    private final String text;
    private int position;

    Reader(String text) {
      this.text = text;
    }

    Parsed read() {
      boolean negative = text.startsWith("-");
      if (negative || text.startsWith("+")) {
        position = 1;
      }
      if (text.length() - position == 1 && text.charAt(position) == '0') {
        return new Parsed.Valid(Duration.ZERO);
      }
      if (position == text.length()) {
        return invalid();
      }
      BigInteger total = BigInteger.ZERO;
      while (position < text.length()) {
        String number = readNumber();
        if (number.isEmpty() || number.equals(".")) {
          return invalid();
        }
        String unit = readUnit();
        if (unit.isEmpty()) {
          return new Parsed.Invalid("time: missing unit in duration " + GoQuote.quote(text));
        }
        long scale = scaleOf(unit);
        if (scale == 0) {
          return new Parsed.Invalid(
              "time: unknown unit " + GoQuote.quote(unit) + " in duration " + GoQuote.quote(text));
        }
        BigDecimal part = new BigDecimal("0" + number).multiply(BigDecimal.valueOf(scale));
        total = total.add(part.toBigInteger());
      }
      return inRange(negative ? total.negate() : total);
    }

    private Parsed inRange(BigInteger nanos) {
      return nanos.bitLength() < Long.SIZE
          ? new Parsed.Valid(Duration.ofNanos(nanos.longValue()))
          : invalid();
    }

    private Parsed invalid() {
      return new Parsed.Invalid("time: invalid duration " + GoQuote.quote(text));
    }

    /// Digits with at most one point among them; perhaps nothing.
    private String readNumber() {
      int start = position;
      skipDigits();
      if (position < text.length() && text.charAt(position) == '.') {
        position++;
        skipDigits();
      }
      return text.substring(start, position);
    }

    private void skipDigits() {
      while (position < text.length() && isDigit(text.charAt(position))) {
        position++;
      }
    }

    private String readUnit() {
      int start = position;
      while (position < text.length()
          && text.charAt(position) != '.'
          && !isDigit(text.charAt(position))) {
        position++;
      }
      return text.substring(start, position);
    }

    private static long scaleOf(String unit) {
      return switch (unit) {
        case "ns" -> 1;
        // The micro sign and the Greek letter mu look alike; Go reads both.
        case "us", "\u00b5s", "\u03bcs" -> 1_000;
        case "ms" -> 1_000_000;
        case "s" -> NANOS_PER_SECOND;
        case "m" -> 60 * NANOS_PER_SECOND;
        case "h" -> 3_600 * NANOS_PER_SECOND;
        default -> 0;
      };
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }
  }
}
