package kubeproxy.kernel.netlink;

/// How a request ended.
public sealed interface Answer {

  /// The kernel did what was asked for, and everything it had to say was visited.
  record Complete() implements Answer {}

  /// What was dumped changed meanwhile ([Netlink#NLM_F_DUMP_INTR]): some of it may not have been
  /// visited, some twice. Only dumps end so.
  record Interrupted() implements Answer {}

  /// The kernel refused.
  record Refused(NetlinkError error) implements Answer {}

  /// The end of the answer did not arrive.
  ///
  /// @param reason for people
  record Missing(String reason) implements Answer {}
}
