package kubeproxy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.config.FeatureGate.Stage;
import kubeproxy.model.IpFamily;

/// Feature gates as they are set. Known are those of Kubernetes 1.36, those of older releases that
/// change a proxy, which still do so here, and, to be accepted and warned of, all others that any
/// release since 1.17 had. A name that no release had is an error, so that a typing mistake does
/// not go unnoticed.
///
/// @param changed the gates that are not at their default, by name
public record FeatureGates(Map<String, Boolean> changed) {
  /// Whether `spec.externalIPs` are served.
  public static final String ALLOW_SERVICE_EXTERNAL_IPS = "AllowServiceExternalIPs";

  /// With the next one: whether endpoints are taken from EndpointSlices. 1.17 to 1.24.
  public static final String ENDPOINT_SLICE = "EndpointSlice";

  /// With the one before: whether endpoints are taken from EndpointSlices. 1.18 to 1.24.
  public static final String ENDPOINT_SLICE_PROXYING = "EndpointSliceProxying";

  /// Whether both families are served. 1.15 to 1.24.
  public static final String IPV6_DUAL_STACK = "IPv6DualStack";

  /// Whether ports of SCTP are served. 1.12 to 1.22.
  public static final String SCTP_SUPPORT = "SCTPSupport";

  /// Whether `spec.topologyKeys` choose endpoints. 1.17 to 1.22.
  public static final String SERVICE_TOPOLOGY = "ServiceTopology";

  /// Whether the state is asked for by a watch that begins with it, where the API server has that.
  public static final String WATCH_LIST_CLIENT = "WatchListClient";

  /// Whether `/flagz` answers.
  public static final String COMPONENT_FLAGZ = "ComponentFlagz";

  /// Whether `/statusz` answers.
  public static final String COMPONENT_STATUSZ = "ComponentStatusz";

  /// Whether options of the log in alpha state, like split streams, are allowed.
  public static final String LOGGING_ALPHA_OPTIONS = "LoggingAlphaOptions";

  /// Whether options of the log in beta state, like the JSON format, are allowed.
  public static final String LOGGING_BETA_OPTIONS = "LoggingBetaOptions";

  private static final String ALL_ALPHA = "AllAlpha";
  private static final String ALL_BETA = "AllBeta";

  private static final List<FeatureGate> BULK =
      List.of(
          new FeatureGate(ALL_ALPHA, Stage.ALPHA, false, false),
          new FeatureGate(ALL_BETA, Stage.BETA, false, false));

  /// Gates that Kubernetes no longer has, with the stage and default of their last release.
  private static final List<FeatureGate> KEPT =
      List.of(
          new FeatureGate(ENDPOINT_SLICE, Stage.GA, true, false),
          new FeatureGate(ENDPOINT_SLICE_PROXYING, Stage.GA, true, false),
          new FeatureGate(IPV6_DUAL_STACK, Stage.GA, true, false),
          new FeatureGate(SCTP_SUPPORT, Stage.GA, true, false),
          new FeatureGate(SERVICE_TOPOLOGY, Stage.DEPRECATED, false, false));

  private static final Map<String, FeatureGate> KNOWN =
      Stream.of(BULK, KEPT, CurrentGates.all())
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(FeatureGate::name, Function.identity()));

  /// All at their defaults.
  public static final FeatureGates DEFAULTS = new FeatureGates(Map.of());

  public FeatureGates {
    changed = Map.copyOf(changed);
  }

  /// What became of a wish.
  public sealed interface Resolution {

    /// It is granted.
    ///
    /// @param warnings lines about gates that should no longer be set, sorted
    record Resolved(FeatureGates gates, List<String> warnings) implements Resolution {
      public Resolved {
        warnings = List.copyOf(warnings);
      }
    }

    /// It cannot be.
    ///
    /// @param reason all that is wrong, in the words of Kubernetes
    record Refused(String reason) implements Resolution {}
  }

  /// A gate, as the metric `kubernetes_feature_enabled` tells of it.
  ///
  /// @param stage ALPHA, BETA, DEPRECATED, or empty for what is here to stay
  public record Setting(String name, String stage, boolean enabled) {}

  /// Sets gates. `AllAlpha` and `AllBeta` set all gates of their stage that are not named.
  public static Resolution resolve(Map<String, Boolean> given) {
    Map<String, Boolean> sorted = new TreeMap<>(given);
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    sorted.forEach((name, value) -> {
      errorOf(name, value).ifPresent(errors::add);
      warningOf(name, value).ifPresent(warnings::add);
    });
    if (!errors.isEmpty()) {
      String all = String.join(", ", errors);
      return new Resolution.Refused(errors.size() == 1 ? all : "[" + all + "]");
    }
    return new Resolution.Resolved(new FeatureGates(changes(sorted)), warnings);
  }

  private static Optional<String> errorOf(String name, boolean value) {
    FeatureGate gate = KNOWN.get(name);
    if (gate == null) {
      return GoneGates.ALL.contains(name)
          ? Optional.empty()
          : Optional.of("unrecognized feature gate: " + name);
    }
    return gate.locked() && gate.enabled() != value
        ? Optional.of(
            "cannot set feature gate %s to %s, feature is locked to %s"
                .formatted(name, value, gate.enabled()))
        : Optional.empty();
  }

  private static Optional<String> warningOf(String name, boolean value) {
    String setting = name + "=" + value;
    if (GoneGates.ALL.contains(name)) {
      return Optional.of(
          "Feature gate " + setting + " has no effect: Kubernetes 1.36 no longer has it.");
    }
    FeatureGate gate = KNOWN.get(name);
    if (gate == null || KEPT.contains(gate)) {
      return Optional.empty();
    }
    return switch (gate.stage()) {
      case ALPHA, BETA -> Optional.empty();
      case GA -> Optional.of(removal("GA", setting));
      case DEPRECATED -> Optional.of(removal("deprecated", setting));
    };
  }

  private static String removal(String stage, String setting) {
    return "Warning: setting %s feature gate %s. It will be removed in a future release."
        .formatted(stage, setting);
  }

  private static Map<String, Boolean> changes(Map<String, Boolean> given) {
    Map<String, Boolean> changes = new HashMap<>();
    for (FeatureGate gate : KNOWN.values()) {
      boolean value = given.getOrDefault(gate.name(), bulk(gate, given));
      if (value != gate.enabled()) {
        changes.put(gate.name(), value);
      }
    }
    return changes;
  }

  private static boolean bulk(FeatureGate gate, Map<String, Boolean> given) {
    if (BULK.contains(gate)) {
      return gate.enabled();
    }
    return switch (gate.stage()) {
      case ALPHA -> given.getOrDefault(ALL_ALPHA, gate.enabled());
      case BETA -> given.getOrDefault(ALL_BETA, gate.enabled());
      case GA, DEPRECATED -> gate.enabled();
    };
  }

  /// Whether the gate is open.
  ///
  /// @param name one of the constants, or of any other gate that [#all] tells of
  public boolean enabled(String name) {
    FeatureGate gate = KNOWN.get(name);
    if (gate == null) {
      throw new IllegalArgumentException("no feature gate " + name);
    }
    return changed.getOrDefault(name, gate.enabled());
  }

  /// Whether endpoints are taken from EndpointSlices; otherwise from Endpoints.
  public boolean endpointSlices() {
    return enabled(ENDPOINT_SLICE) && enabled(ENDPOINT_SLICE_PROXYING);
  }

  /// Whether `spec.topologyKeys` choose endpoints, which needs the labels that only EndpointSlices
  /// have.
  public boolean serviceTopology() {
    return enabled(SERVICE_TOPOLOGY) && endpointSlices();
  }

  /// The families to serve, in order.
  ///
  /// @param primary the node's primary family, the only one where dual stack is off
  public List<IpFamily> families(IpFamily primary) {
    if (!enabled(IPV6_DUAL_STACK)) {
      return List.of(primary);
    }
    return List.of(IpFamily.IPV4, IpFamily.IPV6);
  }

  /// All gates, sorted by name.
  public List<Setting> all() {
    return KNOWN.values().stream()
        .sorted(Comparator.comparing(FeatureGate::name))
        .map(gate -> new Setting(gate.name(), gate.stage().label(), enabled(gate.name())))
        .toList();
  }
}
