package kubeproxy.config;

import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;

/// Which traffic is handled, and how.
///
/// @param allowExternalIps feature gate AllowServiceExternalIPs
public record TrafficOptions(
    DetectLocal detectLocal,
    NodePortChoice nodePortAddresses,
    boolean masqueradeAll,
    boolean allowExternalIps) {}
