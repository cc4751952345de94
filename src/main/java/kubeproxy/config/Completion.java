package kubeproxy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kubeproxy.config.FlagValues.WithoutEffect;
import kubeproxy.config.v1alpha1.ConfigurationReader;
import kubeproxy.config.v1alpha1.ConfigurationReader.Read;
import kubeproxy.config.v1alpha1.DetectLocal;
import kubeproxy.config.v1alpha1.Identity;
import kubeproxy.config.v1alpha1.KubeProxyConfiguration;
import kubeproxy.config.v1alpha1.Logging;

/// Turns flags and a configuration file into options: decides which of them counts, fills in what
/// depends on other values, and checks everything. Stages, their order and the beginnings of their
/// errors are upstream's: `failed complete: `, `initialize logging: `, `failed validate: `.
///
/// With a file, only those flags count that are no part of a configuration, `--hostname-override`,
/// and those about logging.
public final class Completion {

  private Completion() {}

  /// How it ended.
  public sealed interface Result {

    /// Well.
    ///
    /// @param options what the parts of the program get
    /// @param configuration what is in force, to be shown and written
    /// @param warnings what an operator should know, each a line for the log
    record Complete(
        ProxyOptions options, KubeProxyConfiguration configuration, List<String> warnings)
        implements Result {
      public Complete {
        warnings = List.copyOf(warnings);
      }
    }

    /// Not.
    ///
    /// @param reason all that is wrong, in one text
    record Incomplete(String reason) implements Result {}
  }

  /// Completes.
  ///
  /// @param file what `--config` names; empty if that flag is not given
  public static Result complete(FlagValues flags, Optional<ConfigurationText> file) {
    if (file.isEmpty()) {
      List<String> warnings = withoutEffect(flags, flags.get(ModeFlags.PROXY_MODE), false);
      return settle(flags, FlagConfiguration.of(flags), warnings);
    }
    return switch (ConfigurationReader.read(file.get().fileName(), file.get().text())) {
      case Read.Refused(String reason) -> new Result.Incomplete("failed complete: " + reason);
      case Read.Known(KubeProxyConfiguration configuration, List<String> warnings) -> {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(withoutEffect(flags, configuration.mode(), true));
        yield settle(flags, overridden(flags, configuration), all);
      }
    };
  }

  /// One line for each reason why flags that were given have no effect.
  private static List<String> withoutEffect(FlagValues flags, String mode, boolean file) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (WithoutEffect flag : flags.withoutEffect(mode, file)) {
      byReason.computeIfAbsent(flag.reason(), _ -> new ArrayList<>()).add(flag.name());
    }
    List<String> lines = new ArrayList<>();
    byReason.forEach((reason, names) ->
        lines.add(
            String.join(", ", names)
                + (names.size() == 1 ? " has" : " have")
                + " no effect: "
                + reason));
    return lines;
  }

  private static KubeProxyConfiguration overridden(FlagValues flags, KubeProxyConfiguration file) {
    return with(
        file,
        FlagConfiguration.overFile(flags, file.logging()),
        file.identity(),
        file.detectLocal(),
        file.nodePortAddresses());
  }

  private static Result settle(
      FlagValues flags, KubeProxyConfiguration given, List<String> warnings) {
    String override = flags.get(ModeFlags.HOSTNAME_OVERRIDE);
    String name = override.strip().toLowerCase(Locale.ROOT);
    if (!override.isEmpty() && name.isEmpty()) {
      return new Result.Incomplete("failed complete: empty hostname-override is invalid");
    }
    KubeProxyConfiguration configuration = platformDefaults(given, name);
    return switch (FeatureGates.resolve(configuration.featureGates())) {
      case FeatureGates.Resolution.Refused(String reason) ->
          new Result.Incomplete("failed complete: " + reason);
      case FeatureGates.Resolution.Resolved(FeatureGates gates, List<String> notes) -> {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(notes);
        yield check(flags, configuration, gates, all);
      }
    };
  }

  /// The mode stays blank where it is: what is best is found out at the start.
  private static KubeProxyConfiguration platformDefaults(
      KubeProxyConfiguration given, String nameOverride) {
    DetectLocal detectLocal = given.detectLocal();
    String detectMode = detectLocal.mode().isEmpty() ? "ClusterCIDR" : detectLocal.mode();
    boolean primary = given.mode().equals("nftables") && given.nodePortAddresses().isEmpty();
    String name = nameOverride.isEmpty() ? given.identity().hostnameOverride() : nameOverride;
    return with(
        given,
        given.logging(),
        new Identity(name, given.identity().bindAddress()),
        new DetectLocal(
            detectMode,
            detectLocal.clusterCidrs(),
            detectLocal.bridgeInterface(),
            detectLocal.interfaceNamePrefix()),
        primary ? List.of("primary") : given.nodePortAddresses());
  }

  private static Result check(
      FlagValues flags,
      KubeProxyConfiguration configuration,
      FeatureGates gates,
      List<String> warnings) {
    List<FieldError> logging = LoggingValidation.errors(configuration.logging(), gates, "logging");
    if (!logging.isEmpty()) {
      return new Result.Incomplete("initialize logging: " + FieldError.join(logging));
    }
    List<FieldError> errors = Validation.errors(configuration);
    if (!errors.isEmpty()) {
      return new Result.Incomplete("failed validate: " + FieldError.join(errors));
    }
    ProxyOptions options = Interpretation.options(configuration, gates, flags);
    return new Result.Complete(options, configuration, warnings);
  }

  private static KubeProxyConfiguration with(
      KubeProxyConfiguration base,
      Logging logging,
      Identity identity,
      DetectLocal detectLocal,
      List<String> nodePortAddresses) {
    return new KubeProxyConfiguration(
        base.featureGates(),
        base.clientConnection(),
        logging,
        identity,
        base.status(),
        base.mode(),
        base.iptables(),
        base.ipvs(),
        base.nftables(),
        base.userspace(),
        base.windows(),
        detectLocal,
        nodePortAddresses,
        base.conntrack(),
        base.oomScoreAdj(),
        base.configSyncPeriod());
  }
}
