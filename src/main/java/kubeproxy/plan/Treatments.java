package kubeproxy.plan;

/// What becomes of the traffic to the frontends of one Service port.
///
/// @param hasAny whether there is a usable endpoint anywhere
record Treatments(TrafficPolicies policies, boolean hasAny, Pools pools) {
  private static final Treatment REJECT = new Treatment.Reject();
  private static final Treatment DROP = new Treatment.Drop();

  /// Of traffic to the cluster IP.
  Treatment internal() {
    Pool pool = policies.internalLocal() ? pools.local() : pools.cluster();
    if (pool.isEmpty()) {
      return hasAny ? DROP : REJECT;
    }
    return new Treatment.Internal(pool);
  }

  /// Of traffic to external addresses and node ports. As long as there is a usable endpoint
  /// anywhere, `cluster` has one.
  Treatment external() {
    if (!hasAny || pools.cluster().isEmpty()) {
      return REJECT;
    }
    return policies.externalLocal()
        ? new Treatment.ExternalLocal(pools.local(), pools.cluster())
        : new Treatment.ExternalCluster(pools.cluster());
  }
}
