package kubeproxy.nftables.compile;

/// Names of the chains that are always there. The first group carries the names of upstream
/// kube-proxy's chains.
final class Chains {
  static final String FILTER_PREROUTING = "filter-prerouting-pre-dnat";
  static final String FILTER_OUTPUT_PRE_DNAT = "filter-output-pre-dnat";
  static final String FILTER_INPUT = "filter-input";
  static final String FILTER_FORWARD = "filter-forward";
  static final String FILTER_OUTPUT = "filter-output";
  static final String NAT_PREROUTING = "nat-prerouting";
  static final String NAT_OUTPUT = "nat-output";
  static final String NAT_POSTROUTING = "nat-postrouting";
  static final String SERVICES = "services";
  static final String MASQUERADING = "masquerading";
  static final String CLUSTER_IPS_CHECK = "cluster-ips-check";
  static final String SERVICE_ENDPOINTS_CHECK = "service-endpoints-check";
  static final String NODEPORT_ENDPOINTS_CHECK = "nodeport-endpoints-check";
  static final String FIREWALL_CHECK = "firewall-check";
  static final String REJECT = "reject-chain";

  static final String AFFINITY_LEARN = "affinity-learn";

  private Chains() {}
}
