package kubeproxy.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What must be done so that a running proxy does what other options say.
///
/// @param inPlace what can be changed while it runs
/// @param needRestart fields, as the configuration file names them, and flags that take effect only
///   when the process starts again
public record ConfigurationChange(Set<Part> inPlace, List<String> needRestart) {

  public ConfigurationChange {
    inPlace = Collections.unmodifiableSet(copy(inPlace));
    needRestart = List.copyOf(needRestart);
  }

  private static Set<Part> copy(Set<Part> parts) {
    EnumSet<Part> copy = EnumSet.noneOf(Part.class);
    copy.addAll(parts);
    return copy;
  }

  /// Something that can be changed in a running proxy.
  public enum Part {
    /// Levels: [LoggingOptions#verbosity()] and [LoggingOptions#modules()].
    LOGGING,
    /// What [PlanConfigs#of] gives.
    PLAN,
    /// What [ProxyOptions#sync] gives.
    SYNC_PERIODS,
    /// [ProxyOptions#conntrack()].
    CONNTRACK,
    /// The servers of [ProxyOptions#status()]: where they listen and what follows if they cannot.
    STATUS,
    /// [ProcessOptions#oomScoreAdj()].
    OOM_SCORE
  }

  /// Compares options.
  public static ConfigurationChange between(ProxyOptions running, ProxyOptions next) {
    EnumSet<Part> inPlace = EnumSet.noneOf(Part.class);
    List<String> needRestart = new ArrayList<>();
    for (OptionField field : OptionFields.ALL) {
      if (!field.value().apply(running).equals(field.value().apply(next))) {
        switch (field.effect()) {
          case OptionField.Effect.InPlace(Part part) -> inPlace.add(part);
          case OptionField.Effect.AtStart _ -> needRestart.add(field.name());
        }
      }
    }
    return new ConfigurationChange(inPlace, needRestart);
  }

  /// Whether there is nothing to do.
  public boolean isEmpty() {
    return inPlace.isEmpty() && needRestart.isEmpty();
  }
}
