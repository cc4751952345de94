package kubeproxy.iptables.program;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// How `-m statistic` writes one chance in so many. The kernel holds it as a multiple of 2^-31, and
/// the tools print that with eleven digits. As upstream kube-proxy, which writes ten digits, we ask
/// for the nearest multiple to the chance with ten digits: so the rules of both are the same.
final class Probability {
  private static final BigDecimal STEPS = BigDecimal.valueOf(1L << 31);
  private static final int WRITTEN_DIGITS = 10;
  private static final int PRINTED_DIGITS = 11;

  private Probability() {}

  /// The chance as the tools print it.
  ///
  /// @param of at least 1
  static String text(int of) {
    return BigDecimal.valueOf(steps(of))
        .divide(STEPS, PRINTED_DIGITS, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  /// The chance as the kernel holds it.
  ///
  /// @param of at least 1
  static long steps(int of) {
    return BigDecimal.ONE
        .divide(BigDecimal.valueOf(of), WRITTEN_DIGITS, RoundingMode.HALF_EVEN)
        .multiply(STEPS)
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /// The number that is written so, or 0 if there is none.
  static int parse(String text) {
    double chance;
    try {
      chance = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
    int of = ofChance(chance);
    return of > 0 && text(of).equals(text) ? of : 0;
  }

  /// The number that the kernel holds so, or 0 if there is none.
  static int ofSteps(long steps) {
    int of = ofChance(steps / STEPS.doubleValue());
    return of > 0 && steps(of) == steps ? of : 0;
  }

  /// The number that is nearest to a chance, or 0 if it is none.
  private static int ofChance(double chance) {
    long of = chance > 0 ? Math.round(1 / chance) : 0;
    return of <= Integer.MAX_VALUE ? (int) of : 0;
  }
}
