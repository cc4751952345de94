package kubeproxy.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The feature gates that are known. A gate that does not exist is an error, so that a typing
/// mistake does not go unnoticed.
final class FeatureGates {

  private FeatureGates() {}

  /// A gate.
  ///
  /// @param locked whether it can no longer be changed
  private record Gate(String name, boolean defaultValue, boolean locked) {}

  private static final String EXTERNAL_IPS = "AllowServiceExternalIPs";

  private static final List<Gate> KNOWN =
      List.of(
          new Gate("AllAlpha", false, false),
          new Gate("AllBeta", false, false),
          new Gate(EXTERNAL_IPS, true, false),
          new Gate("MultiCIDRServiceAllocator", true, true),
          new Gate("NFTablesProxyMode", true, true),
          new Gate("PreferSameTrafficDistribution", true, true));

  /// Whether `spec.externalIPs` are served.
  static boolean externalIps(Map<String, Boolean> given) {
    return given.getOrDefault(EXTERNAL_IPS, true);
  }

  /// What is wrong with the gates that were given: the first of them by name.
  static Optional<String> check(Map<String, Boolean> given) {
    for (Map.Entry<String, Boolean> entry : given.entrySet()) {
      Optional<String> problem = check(entry.getKey(), entry.getValue());
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> check(String name, boolean value) {
    Optional<Gate> known = KNOWN.stream().filter(gate -> gate.name().equals(name)).findFirst();
    if (known.isEmpty()) {
      return Optional.of("unrecognized feature gate: " + name);
    }
    Gate gate = known.get();
    if (gate.locked() && gate.defaultValue() != value) {
      return Optional.of(
          "cannot set feature gate "
              + name
              + " to "
              + value
              + ", feature is locked to "
              + gate.defaultValue());
    }
    return Optional.empty();
  }
}
