package kubeproxy.userspace.compile;

/// What the relay is there for.
public enum Role {
  /// Rules lead packets to it. It also listens on node ports, so that nobody else takes them and
  /// they answer on loopback addresses, for which there are no rules.
  BEHIND_PORTALS,
  /// There are no rules: it listens on everything that clients send to.
  ALONE,
  /// Another mode carries out everything but node ports on loopback addresses.
  ON_LOCALHOST
}
