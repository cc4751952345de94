package kubeproxy.ipvs.program;

/// The chains that only this mode has; others are named as in the `iptables` mode.
public final class IpvsChains {
  /// Node ports: whose source is rewritten (table nat); health check ports that are let in (table
  /// filter).
  public static final String NODE_PORT = "KUBE-NODE-PORT";

  /// Addresses of load balancers: whose source is rewritten (table nat).
  public static final String LOAD_BALANCER = "KUBE-LOAD-BALANCER";

  /// Who may connect to the address of a load balancer (table mangle; table filter in upstream).
  public static final String SOURCE_RANGES = "KUBE-SOURCE-RANGES-FIREWALL";

  /// Who may connect where the traffic policy finds no local endpoint (table mangle).
  public static final String NO_LOCAL = "KUBE-NO-LOCAL";

  /// Keeps what the host listens on from being reached at addresses of Services (table filter).
  public static final String FILTER = "KUBE-IPVS-FILTER";

  /// Keeps packets to cluster IPs that nobody has from leaving the node (table filter).
  public static final String OUT_FILTER = "KUBE-IPVS-OUT-FILTER";

  private IpvsChains() {}
}
