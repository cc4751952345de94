package kubeproxy.config;

import java.util.Optional;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.PlanConfig;

/// The planner's part of the options.
public final class PlanConfigs {

  private PlanConfigs() {}

  /// What the planner of one family needs.
  ///
  /// @param mode the mode in use
  /// @param nodeName our Node's name: the override, or else the host's name
  public static PlanConfig of(
      ProxyOptions options, ProxyMode mode, String nodeName, IpFamily family) {
    TrafficOptions traffic = options.traffic();
    FeatureGates gates = options.process().gates();
    return new PlanConfig(
        family,
        nodeName,
        options.modes().masquerade(mode).all(),
        traffic.detectLocal(),
        traffic.nodePorts(mode),
        traffic.allowExternalIps(),
        Optional.of(options.node().bindAddress()).filter(address -> !address.isUnspecified()),
        gates.enabled(FeatureGates.SCTP_SUPPORT),
        gates.serviceTopology());
  }
}
