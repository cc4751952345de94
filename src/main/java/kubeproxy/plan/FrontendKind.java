package kubeproxy.plan;

/// What an address and port that the node answers for is, in the order of who wins when two
/// Services claim the same: nobody takes over a cluster IP by declaring it an external IP
/// (CVE-2020-8554).
public enum FrontendKind {
  CLUSTER_IP("ClusterIP"),
  LOAD_BALANCER("LoadBalancer"),
  EXTERNAL_IP("ExternalIP"),
  NODE_PORT("NodePort");

  private final String label;

  FrontendKind(String label) {
    this.label = label;
  }

  /// The spelling for people.
  public String label() {
    return label;
  }
}
