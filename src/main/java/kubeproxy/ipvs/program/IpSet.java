package kubeproxy.ipvs.program;

import kubeproxy.model.IpFamily;

/// The ipsets that rules look into, by what they hold. Names and comments are upstream
/// kube-proxy's, but for the last four, which upstream does not have.
public enum IpSet {
  LOOP_BACK(
      "KUBE-LOOP-BACK",
      Type.ADDRESS_PORT_ADDRESS,
      "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
  CLUSTER_IP(
      "KUBE-CLUSTER-IP",
      Type.ADDRESS_PORT,
      "Kubernetes service cluster ip + port for masquerade purpose"),
  EXTERNAL_IP(
      "KUBE-EXTERNAL-IP",
      Type.ADDRESS_PORT,
      "Kubernetes service external ip + port for masquerade and filter purpose"),
  EXTERNAL_IP_LOCAL(
      "KUBE-EXTERNAL-IP-LOCAL",
      Type.ADDRESS_PORT,
      "Kubernetes service external ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER("KUBE-LOAD-BALANCER", Type.ADDRESS_PORT, "Kubernetes service lb portal"),
  LOAD_BALANCER_LOCAL(
      "KUBE-LOAD-BALANCER-LOCAL",
      Type.ADDRESS_PORT,
      "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER_FW(
      "KUBE-LOAD-BALANCER-FW",
      Type.ADDRESS_PORT,
      "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
  LOAD_BALANCER_SOURCE_CIDR(
      "KUBE-LOAD-BALANCER-SOURCE-CIDR",
      Type.ADDRESS_PORT_NET,
      "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
  LOAD_BALANCER_SOURCE_IP(
      "KUBE-LOAD-BALANCER-SOURCE-IP",
      Type.ADDRESS_PORT_ADDRESS,
      "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
  NODE_PORT_TCP(
      "KUBE-NODE-PORT-TCP", Type.PORTS, "Kubernetes nodeport TCP port for masquerade purpose"),
  NODE_PORT_LOCAL_TCP(
      "KUBE-NODE-PORT-LOCAL-TCP",
      Type.PORTS,
      "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
  NODE_PORT_UDP(
      "KUBE-NODE-PORT-UDP", Type.PORTS, "Kubernetes nodeport UDP port for masquerade purpose"),
  NODE_PORT_LOCAL_UDP(
      "KUBE-NODE-PORT-LOCAL-UDP",
      Type.PORTS,
      "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
  NODE_PORT_SCTP(
      "KUBE-NODE-PORT-SCTP-HASH",
      Type.ADDRESS_PORT,
      "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
  NODE_PORT_LOCAL_SCTP(
      "KUBE-NODE-PORT-LOCAL-SCTP-HASH",
      Type.ADDRESS_PORT,
      "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
  HEALTH_CHECK_NODE_PORT(
      "KUBE-HEALTH-CHECK-NODE-PORT", Type.PORTS, "Kubernetes health check node port"),
  BOUND("KUBE-IPVS-IPS", Type.ADDRESS, "Addresses on the ipvs interface"),
  NO_LOCAL(
      "KUBE-NO-LOCAL",
      Type.ADDRESS_PORT,
      "Kubernetes service ip + port with externalTrafficPolicy=local and no local endpoint"),
  DROPPED(
      "KUBE-DROPPED",
      Type.ADDRESS_PORT,
      "Kubernetes service ip + port with internalTrafficPolicy=local and no local endpoint"),
  REJECTED("KUBE-REJECTED", Type.ADDRESS_PORT, "Kubernetes service ip + port without endpoints"),
  /// No rule looks into it: it tells whose the virtual servers are.
  SERVERS("KUBE-VIRTUAL-SERVERS", Type.ADDRESS_PORT, "Virtual servers that kube-proxy made");

  /// What an entry of a set is.
  public enum Type {
    ADDRESS("hash:ip"),
    ADDRESS_PORT("hash:ip,port"),
    ADDRESS_PORT_ADDRESS("hash:ip,port,ip"),
    ADDRESS_PORT_NET("hash:ip,port,net"),
    /// All ports, of any protocol.
    PORTS("bitmap:port");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /// The kernel's name, as `hash:ip,port`.
    public String text() {
      return text;
    }
  }

  /// `IPSET_MAXNAMELEN` of `linux/netfilter/ipset/ip_set.h`, less the zero at the end.
  private static final int LONGEST_NAME = 31;

  private static final String PREFIX = "KUBE-";
  private static final String PREFIX_IPV6 = "KUBE-6-";

  private final String label;
  private final Type type;
  private final String comment;

  IpSet(String label, Type type, String comment) {
    this.label = label;
    this.type = type;
    this.comment = comment;
  }

  /// The set's name in a family; names are one space for both.
  public String label(IpFamily family) {
    return switch (family) {
      case IPV4 -> label;
      case IPV6 -> {
        String name = PREFIX_IPV6 + label.substring(PREFIX.length());
        yield name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
      }
    };
  }

  /// What its entries are.
  public Type type() {
    return type;
  }

  /// What rules that look into it say about it.
  public String comment() {
    return comment;
  }
}
