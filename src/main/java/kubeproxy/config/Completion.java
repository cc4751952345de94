package kubeproxy.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Turns flag values into options: fills in what depends on other values, then checks everything.
final class Completion {

  private Completion() {}

  /// How it ended.
  sealed interface Result {

    /// Well.
    record Complete(ProxyOptions options) implements Result {}

    /// Not; one text names all that is wrong.
    record Incomplete(String reason) implements Result {}
  }

  static Result complete(FlagValues flags) {
    String override = flags.get(ModeFlags.HOSTNAME_OVERRIDE);
    String name = override.strip().toLowerCase(Locale.ROOT);
    if (!override.isEmpty() && name.isEmpty()) {
      return new Result.Incomplete("failed complete: empty hostname-override is invalid");
    }
    return switch (FeatureGates.resolve(flags.get(ModeFlags.FEATURE_GATES))) {
      case FeatureGates.Resolution.Refused(String reason) ->
          new Result.Incomplete("failed complete: " + reason);
      case FeatureGates.Resolution.Resolved(FeatureGates gates, _) -> complete(flags, gates, name);
    };
  }

  private static Result complete(FlagValues flags, FeatureGates gates, String name) {
    Validation validation = new Validation(flags, gates);
    ProxyOptions options = options(flags, validation, name);
    List<FieldError> errors = validation.errors();
    return errors.isEmpty()
        ? new Result.Complete(options)
        : new Result.Incomplete("failed validate: " + FieldError.join(errors));
  }

  private static ProxyOptions options(FlagValues flags, Validation validation, String name) {
    Optional<String> override = name.isEmpty() ? Optional.empty() : Optional.of(name);
    Optional<String> version =
        switch (flags.get(ProcessFlags.VERSION)) {
          case VersionRequest.Report(String reported) -> Optional.of(reported);
          case VersionRequest.None _, VersionRequest.Plain _, VersionRequest.Raw _ ->
              Optional.empty();
        };
    return new ProxyOptions(
        validation.manifests(),
        validation.mode(),
        new NodeIdentity(override, flags.get(ModeFlags.BIND_ADDRESS)),
        validation.traffic(),
        validation.sync(),
        validation.conntrack(),
        validation.status(),
        new ProcessOptions(validation.oomScoreAdj(), flags.get(LogFlags.V), version));
  }
}
