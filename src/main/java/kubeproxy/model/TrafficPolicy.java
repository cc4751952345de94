package kubeproxy.model;

/// Which endpoints a packet may go to: any in the cluster, or only those on this node.
public enum TrafficPolicy {
  CLUSTER,
  LOCAL
}
