package kubeproxy.config;

import java.util.function.Function;
import kubeproxy.config.ConfigurationChange.Part;

/// One field of the options, as far as changing it goes.
///
/// @param name as in the configuration file, or a flag with its dashes
record OptionField(String name, Effect effect, Function<ProxyOptions, Object> value) {

  /// When a change of the field takes effect.
  sealed interface Effect {

    /// While the process runs.
    record InPlace(Part part) implements Effect {}

    /// When the process starts.
    record AtStart() implements Effect {}
  }

  static OptionField inPlace(Part part, String name, Function<ProxyOptions, Object> value) {
    return new OptionField(name, new Effect.InPlace(part), value);
  }

  static OptionField atStart(String name, Function<ProxyOptions, Object> value) {
    return new OptionField(name, new Effect.AtStart(), value);
  }
}
