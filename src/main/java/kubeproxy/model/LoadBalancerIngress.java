package kubeproxy.model;

/// One address of `status.loadBalancer.ingress`; entries with only a hostname are not kept.
///
/// @param proxied `ipMode: Proxy` (KEP-1860): the load balancer delivers to node ports or endpoints
///     itself, so the node must not capture the address
public record LoadBalancerIngress(IpAddress address, boolean proxied) {}
