package kubeproxy.model;

import java.util.List;

/// A networking.k8s.io ServiceCIDR: a range that cluster IPs are allocated from (KEP-1880).
public record ServiceCidr(ObjectKey key, List<IpPrefix> cidrs, List<Problem> problems)
    implements ClusterObject {

  public ServiceCidr {
    cidrs = List.copyOf(cidrs);
    problems = List.copyOf(problems);
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE_CIDR;
  }
}
