package kubeproxy.app;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import kubeproxy.config.ConfigurationChange.Part;
import kubeproxy.config.PlanConfigs;
import kubeproxy.config.ProxyOptions;
import kubeproxy.config.SyncPeriods;
import kubeproxy.engine.SyncPacing;
import kubeproxy.logging.Logging;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.PlanConfig;
import kubeproxy.status.HealthState;

/// The parts of a running proxy that can take other options. Used by one thread at a time.
///
/// @param nodeName of our Node
record RunningParts(
    ModeSelection selection,
    String nodeName,
    Logging logging,
    KernelSettings settings,
    HealthState health,
    StatusServers servers,
    Pipeline pipeline) {

  /// Changes one part.
  void apply(Part part, ProxyOptions next) {
    switch (part) {
      case LOGGING -> {
        logging.setVerbosity(next.logging().verbosity());
        logging.setVmodule(LoggingSetup.patterns(next.logging().modules()));
      }
      case PLAN, SYNC_PERIODS -> {
        health.setTimeout(healthTimeout(next, selection));
        pipeline.reconfigure(plans(next, selection, nodeName), pacing(next, selection));
      }
      case CONNTRACK -> settings.conntrack(next.conntrack());
      case STATUS -> servers.apply(next.status());
      case OOM_SCORE -> settings.oomScore(next.process().oomScoreAdj());
    }
  }

  /// How to plan.
  static Map<IpFamily, PlanConfig> plans(
      ProxyOptions options, ModeSelection selection, String nodeName) {
    Map<IpFamily, PlanConfig> plans = new EnumMap<>(IpFamily.class);
    for (IpFamily family : selection.families()) {
      plans.put(family, PlanConfigs.of(options, selection.mode(), nodeName, family));
    }
    return plans;
  }

  /// How often to sync.
  static SyncPacing pacing(ProxyOptions options, ModeSelection selection) {
    SyncPeriods periods = options.sync(selection.mode());
    return new SyncPacing(periods.minimum(), periods.period());
  }

  /// How long a sync may be wanted before the node counts as unhealthy.
  static Duration healthTimeout(ProxyOptions options, ModeSelection selection) {
    return options.sync(selection.mode()).period().multipliedBy(2);
  }
}
