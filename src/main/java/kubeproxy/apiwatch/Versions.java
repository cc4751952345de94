package kubeproxy.apiwatch;

/// Resource versions: texts which grow, in decimal, with every change of the cluster (KEP-5504).
final class Versions {
  private Versions() {}

  /// Whether `later` is certainly lower than `earlier`, although it came after it. What is no
  /// number cannot be compared.
  static boolean wentBack(String earlier, String later) {
    if (!isNumber(earlier) || !isNumber(later)) {
      return false;
    }
    return later.length() != earlier.length()
        ? later.length() < earlier.length()
        : later.compareTo(earlier) < 0;
  }

  private static boolean isNumber(String version) {
    return !version.isEmpty()
        && version.charAt(0) != '0'
        && version.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
