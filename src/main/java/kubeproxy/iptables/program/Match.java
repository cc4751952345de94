package kubeproxy.iptables.program;

import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// A condition of a rule beyond addresses, interface and protocol. The order of the matches of a
/// rule is part of it.
public sealed interface Match {

  /// Always true; says for people what the rule is.
  record Comment(String text) implements Match {}

  /// The transport protocol's own match.
  ///
  /// @param destinationPort 0 for any
  record Transport(Protocol protocol, int destinationPort) implements Match {}

  /// The state of the connection.
  ///
  /// @param states as the tools print them, separated by commas
  record ConnectionState(boolean negated, String states) implements Match {}

  /// Whether the bits of the packet mark are set.
  record Mark(boolean negated, int bits) implements Match {}

  /// True for one packet in so many, at random.
  ///
  /// @param of at least 2
  record OneIn(int of) implements Match {

    /// The match that the kernel holds so.
    ///
    /// @param steps the chance as a multiple of 2^-31
    /// @return null if it is none of these
    public static @Nullable OneIn ofSteps(int steps) {
      int of = Probability.ofSteps(Integer.toUnsignedLong(steps));
      return of < 2 ? null : new OneIn(of);
    }
  }

  /// True if the source was put on a list not too long ago; older entries are removed.
  ///
  /// @param seconds positive
  record OnList(String list, int seconds) implements Match {}

  /// Puts the source on a list; always true.
  record PutOnList(String list) implements Match {}

  /// Whether an address of the packet is one of this node.
  ///
  /// @param destination whether it is about the destination, not the source
  record LocalAddress(boolean destination) implements Match {}

  /// Whether addresses and ports of the packet are an entry of an ipset, which must exist.
  ///
  /// @param directions of the parts of an entry, as the tools print them: `dst,dst,src`
  record InSet(String set, String directions) implements Match {}

  /// Counts the packet in a named object of the kernel; always true. The object must exist.
  record Counted(String object) implements Match {}
}
