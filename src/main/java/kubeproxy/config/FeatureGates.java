package kubeproxy.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The feature gates that are known. A gate that does not exist is an error, so that a typing
/// mistake does not go unnoticed.
public record FeatureGates(Map<String, Boolean> given) {
  public FeatureGates {
    given = Map.copyOf(given);
  }

  /// A gate.
  ///
  /// @param locked whether it can no longer be changed
  private record Gate(String name, boolean defaultValue, boolean locked) {}

  public sealed interface Resolution {
    record Resolved(FeatureGates gates, List<String> warnings) implements Resolution {}

    record Refused(String reason) implements Resolution {}
  }

  private static final List<Gate> KNOWN =
      List.of(
          new Gate("AllAlpha", false, false),
          new Gate("AllBeta", false, false),
          new Gate("AllowServiceExternalIPs", true, false),
          new Gate("LoggingAlphaOptions", false, false),
          new Gate("LoggingBetaOptions", true, false),
          new Gate("MultiCIDRServiceAllocator", true, true),
          new Gate("NFTablesProxyMode", true, true),
          new Gate("PreferSameTrafficDistribution", true, true));

  public boolean enabled(String name) {
    return given.getOrDefault(
        name,
        KNOWN.stream().filter(g -> g.name.equals(name)).findFirst().orElseThrow().defaultValue);
  }

  /// What is wrong with the gates that were given: the first of them by name.
  public static Resolution resolve(Map<String, Boolean> given) {
    for (Map.Entry<String, Boolean> entry : given.entrySet()) {
      Optional<String> problem = check(entry.getKey(), entry.getValue());
      if (problem.isPresent()) {
        return new Resolution.Refused(problem.get());
      }
    }
    return new Resolution.Resolved(new FeatureGates(given), List.of());
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
