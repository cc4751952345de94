package kubeproxy.iptables.program;

import kubeproxy.plan.Backend;

/// What becomes of a packet that fulfils all conditions of a rule.
public sealed interface Target {

  /// Nothing: the next rule.
  record None() implements Target {}

  /// The rules of another chain, then the next rule.
  record Jump(String chain) implements Target {}

  /// Let through.
  record Accept() implements Target {}

  /// Silently dropped.
  record Drop() implements Target {}

  /// Refused.
  ///
  /// @param reset whether by a TCP reset, for rules about TCP only; else by ICMP port unreachable
  record Reject(boolean reset) implements Target {}

  /// Back to where the jump into this chain was.
  record Return() implements Target {}

  /// Sets bits of the packet mark.
  record SetMark(int bits) implements Target {}

  /// Inverts bits of the packet mark.
  record FlipMark(int bits) implements Target {}

  /// The source becomes the address of the interface by which the packet leaves.
  ///
  /// @param randomFully whether the source port is chosen at random, which loses fewer of the
  ///     connections that begin at the same moment
  record Masquerade(boolean randomFully) implements Target {}

  /// The destination becomes this.
  record Translate(Backend backend) implements Target {}
}
