package kubeproxy.iptables.program;

import java.util.List;

/// The chains that are always there. Their names are upstream kube-proxy's: other programs look for
/// them.
public final class Chains {
  /// Clients' destinations (table nat); what is refused or dropped of them (table filter).
  public static final String SERVICES = "KUBE-SERVICES";

  /// What is refused or dropped of traffic from outside (table filter).
  public static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";

  /// Node ports (table nat); health check ports that are let in (table filter).
  public static final String NODE_PORTS = "KUBE-NODEPORTS";

  /// What is let through on its way to endpoints (table filter).
  public static final String FORWARD = "KUBE-FORWARD";

  /// What [ChainNames#FIREWALL] did not accept (table filter).
  public static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";

  /// Rewrites the source of what is marked for it (table nat).
  public static final String POSTROUTING = "KUBE-POSTROUTING";

  /// Marks for that (table nat).
  public static final String MARK_MASQ = "KUBE-MARK-MASQ";

  /// Shared with the kubelet (table filter): never emptied or removed.
  public static final String FIREWALL = "KUBE-FIREWALL";

  /// Empty; if it is gone, somebody has flushed the table (all tables).
  public static final String CANARY = "KUBE-PROXY-CANARY";

  /// What the kubelet leaves in the variant of iptables that it uses (table mangle).
  public static final List<String> KUBELET_MARKS =
      List.of("KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY");

  private Chains() {}
}
